import { AgentEventSchema, type ActionSpec, type Json, type Plan } from '../../contract/index.ts';
import { parseAutonomy } from '../autonomy/autonomy-book.ts';
import {
  ASK,
  type BenchCluster,
  CONTEXT,
  type RoadBench,
  appConfig,
  changeImage,
  checkout,
  deployment,
  draftOf,
  incident,
} from './road-bench.ts';

/**
 * Ways to change something without a decision that is valid for exactly that. Each is tried with generated details; whatever it is, no
 * request but rehearsals may arrive at the cluster. Tried over a cluster in memory and over a real API server.
 */

export interface Try {
  readonly bench: RoadBench<BenchCluster>;
  readonly plan: Plan;
  readonly text: string;
  readonly nth: number;
}
export type Attack = (t: Try) => Promise<unknown>;

const yes = (plan: Plan, more: object = {}) => ({ id: plan.id, hash: plan.hash, decision: 'approved' as const, by: 'ana', ...more });
const edit = ({ bench }: Try, change: (o: { [key: string]: Json }) => void) => bench.cluster.edit(checkout, change);
const meta = (o: { [key: string]: Json }) => o['metadata'] as { [key: string]: Json };
const spec = (o: { [key: string]: Json }) => o['spec'] as { [key: string]: Json };
/** The plan in the store, changed behind the road's back; a new process then reads it. */
async function edited({ bench, plan }: Try, change: (plan: Plan) => Plan): Promise<RoadBench<BenchCluster>> {
  await bench.store.appendWithPlan([], change(structuredClone(plan)));
  const next = bench.restart();
  await next.road.recover();
  return next;
}
const hex = (text: string, n: number) => Buffer.from(`${text}${n}`.repeat(8)).toString('hex').padEnd(64, '0').slice(0, 64);
const rejected = async (t: Try) => {
  await t.bench.road.decide({ ...yes(t.plan), decision: 'rejected' });
  return t.bench.road.decide(yes(t.plan));
};
const manifest = (more: object, metadata: object = {}): ActionSpec => ({
  type: 'create',
  target: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'made' },
  manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made', namespace: 'shop', ...metadata }, ...more } as {
    [key: string]: Json;
  },
});
/** A draft that must not even become a plan that could be approved; it is approved all the same. */
const drafted =
  (make: (t: Try) => ActionSpec[]): Attack =>
  async (t) => {
    const plan = await t.bench.road.propose({ context: CONTEXT, incident, agent: 'troubleshooter', draft: draftOf(make(t)), fresh: true });
    if (plan.state !== 'refused') throw new Error(`a plan that must be refused is ${plan.state}`);
    return t.bench.road.decide(yes(plan));
  };

/** A real cluster needs seconds for it: there it is tried less often. */
export const ANOTHER_NAMESPACE = 'the namespace of what would be created is another one of the same name';

/** Rules that would let the plan go by themselves, if what is written were taken for what it pretends to be. */
const RULES = [
  'version: 1\nrules: [{ id: small, match: { maxRisk: low }, give: &a auto }, { id: more, match: {}, give: *a }]\n',
  'version: 1\nrules: [{ id: small, match: {}, give: ask, give: auto }]\n',
  'base: &b { give: auto }\nversion: 1\nrules: [{ <<: *b, id: small, match: {} }]\n',
  'version: 1\nrules: [{ id: small, match: {}, give: auto }]\n---\nversion: 1\n',
  'version: 1\nrules: [{ id: small, match: {}, give: auto, protectedToo: true }]\n',
  'version: 2\nrules: [{ id: small, match: {}, give: auto }]\n',
  'version: 1\nrules: [{ id: small, match: {}, give: !!js/function "auto" }]\n',
  'version: 1\nrules: [{ id: small, match: {}, give: AUTO }]\n',
];

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'a hash that is made up': (t) => t.bench.road.decide(yes(t.plan, { hash: hex(t.text, t.nth) })),
  'the beginning of the hash, or the hash otherwise written': (t) =>
    t.bench.road.decide(yes(t.plan, { hash: t.nth % 2 === 0 ? t.plan.hash.slice(0, t.nth % 64) : `${t.plan.hash.toUpperCase()} ` })),
  'the hash of another plan': async (t) => {
    const other = await t.bench.propose(draftOf([changeImage(`shop/other:${t.nth}`)]));
    return t.bench.road.decide(yes(t.plan, { hash: other.hash }));
  },
  'a plan nobody has made': (t) => t.bench.road.decide(yes(t.plan, { id: `plan-${t.text}` })),
  'a yes after a no': rejected,
  'a yes after it expired': async (t) => {
    t.bench.clock.sleep(30 * 60_000 + t.nth);
    return t.bench.road.decide(yes(t.plan));
  },
  'a yes after the incident was over': async (t) => {
    await t.bench.road.abandonFor(incident.id, 'over');
    return t.bench.road.decide(yes(t.plan));
  },
  'a protected context, its name not typed, or another': (t) => {
    t.bench.marks.protectedContext = true;
    return t.bench.road.decide(yes(t.plan, { typedContext: [undefined, '', t.text, `${CONTEXT} `, CONTEXT.toUpperCase()][t.nth % 5] }));
  },
  'all agents held': (t) => {
    t.bench.marks.held = { code: 'held', message: 'held' };
    return t.bench.road.decide(yes(t.plan));
  },
  'under the name of a rule': (t) => {
    t.bench.marks.autonomy = () => ({ ...ASK, give: 'auto', rule: 'small' });
    return t.bench.road.decide(yes(t.plan, { by: `rule:${t.text}` }));
  },
  'one person, where two must, twice': async (t) => {
    t.bench.marks.autonomy = () => ({ ...ASK, people: 2, rule: 'two' });
    await t.bench.road.decide(yes(t.plan));
    return t.bench.road.decide(yes(t.plan));
  },
  'a plan that may only be shown': (t) => {
    t.bench.marks.autonomy = () => ({ ...ASK, give: 'observe', rule: 'look' });
    return t.bench.road.decide(yes(t.plan));
  },
  'the target has changed since': async (t) => {
    await edit(t, (o) => Object.assign(spec(o), { minReadySeconds: 1 + (t.nth % 500) }));
    return t.bench.road.decide(yes(t.plan));
  },
  'the target was deleted, or deleted and made anew': async (t) => {
    await t.bench.cluster.remove(checkout);
    if (t.nth % 2 === 0) await t.bench.cluster.put(deployment());
    return t.bench.road.decide(yes(t.plan));
  },
  'the target got another owner': async (t) => {
    await edit(t, (o) =>
      Object.assign(meta(o), { ownerReferences: [{ apiVersion: 'x/v1', kind: 'X', name: t.text, uid: t.text, controller: true }] }),
    );
    return t.bench.road.decide(yes(t.plan));
  },
  'the context means another cluster by now, or none': (t) => {
    t.bench.marks.clusterUid = t.nth % 3 === 0 ? undefined : `another-${t.text}`;
    return t.bench.road.decide(yes(t.plan));
  },
  [ANOTHER_NAMESPACE]: async (t) => {
    const space = { apiVersion: 'v1', kind: 'Namespace', name: 'shop' };
    await t.bench.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const plan = await t.bench.propose(draftOf([manifest({ data: { a: t.text } })]));
    if (plan.state !== 'awaitingApproval') throw new Error(`a plan that is allowed is ${plan.state}: ${plan.reason ?? ''}`);
    await t.bench.cluster.remove(space);
    await t.bench.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    return t.bench.road.decide(yes(plan));
  },
  'the stored plan was changed: what is done': async (t) => {
    const next = await edited(t, (p) => ({ ...p, actions: p.actions.map((a) => ({ ...a, spec: changeImage(`evil/${t.text}:1`) })) }));
    return next.road.decide(yes(t.plan));
  },
  'the stored plan was changed: where it is done': async (t) => {
    const next = await edited(t, (p) => ({
      ...p,
      context: t.nth % 2 === 0 ? 'another' : CONTEXT,
      actions: p.actions.map((a) => ({ ...a, spec: { ...a.spec, target: appConfig } as ActionSpec })),
    }));
    return next.road.decide(yes(t.plan));
  },
  'the stored plan was changed: the hash as well, and the person approves what was shown': async (t) => {
    const next = await edited(t, (p) => ({
      ...p,
      hash: hex(t.text, t.nth),
      actions: p.actions.map((a) => ({ ...a, spec: changeImage(`evil/${t.nth}:1`) })),
    }));
    await next.road.decide(yes(t.plan));
    return next.road.decide(yes(t.plan, { hash: hex(t.text, t.nth) }));
  },
  'the stored plan says it was approved': async (t) => {
    const states = ['acting', 'rollingBack', 'dryRunning', 'preflight'] as const;
    const next = await edited(t, (p) => ({ ...p, state: states[t.nth % 4] ?? 'acting', decision: 'approved', decidedBy: t.text }));
    await next.clock.turn(600_000);
    return next.road.decide(yes(t.plan));
  },
  'the process ended before the yes was recorded': async (t) => {
    t.bench.store.appendWithPlan = () => new Promise(() => undefined);
    void t.bench.road.decide(yes(t.plan));
    await t.bench.clock.turn(0);
    const next = t.bench.restart();
    next.store.appendWithPlan = t.bench.store.appendWithPlan;
    return undefined;
  },
  'an agent’s plan for a kind it does not declare': drafted((t) => {
    const kinds = ['ClusterRoleBinding', 'Secret', 'Node', 'ValidatingWebhookConfiguration', t.text];
    const kind = kinds[t.nth % kinds.length] ?? 'Node';
    t.bench.marks.declared.delete(kind);
    return [
      {
        type: 'patch',
        target: { apiVersion: 'v1', kind, namespace: 'shop', name: 'x' },
        ops: [{ op: 'add', path: '/data/a', value: t.text }],
      },
    ];
  }),
  'a manifest with a name to be generated, owners, finalizers, a status': drafted((t) => [
    [
      manifest({}, { generateName: t.text }),
      manifest({}, { finalizers: [t.text] }),
      manifest({}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: t.text, uid: t.text }] }),
      manifest({ status: { phase: t.text } }),
      manifest({}, { uid: t.text }),
      manifest({}, { managedFields: [] }),
    ][t.nth % 6] ?? manifest({ status: {} }),
  ]),
  'a manifest for another name, namespace or kind than it says': drafted((t) => [
    [
      manifest({}, { namespace: `kube-${t.text}` }),
      manifest({}, { name: `other-${t.text}` }),
      manifest({ kind: 'Secret' }),
      manifest({ apiVersion: 'v2' }),
    ][t.nth % 4] ?? manifest({ kind: 'Secret' }),
  ]),
  'an agent that says what only the host may say': async (t) => {
    const said = [
      { type: 'approval.resolved', context: CONTEXT, plan: t.plan.id, decision: 'approved', by: t.text },
      { type: 'action.started', context: CONTEXT, plan: t.plan.id, index: 0, key: t.text, inverse: false },
      { type: 'plan.proposed', plan: { ...t.plan, state: 'acting' } },
      { type: 'agents.released', by: t.text },
      { type: 'autonomy.changed', by: t.text, text: RULES[0] },
    ];
    const { success } = AgentEventSchema.safeParse(said[t.nth % said.length]);
    if (success) throw new Error('an agent was heard');
    await t.bench.clock.turn(60_000);
    return undefined;
  },
  'rules with aliases, duplicate keys, merged keys, a second document, unknown fields': async (t) => {
    const rules = parseAutonomy(RULES[t.nth % RULES.length] ?? '');
    if (rules.ok) throw new Error(`rules that must be refused were read: ${JSON.stringify(rules.value)}`);
    await t.bench.road.considerRules();
    return t.bench.road.decide(yes(t.plan, { by: 'rule:small' }));
  },
};
