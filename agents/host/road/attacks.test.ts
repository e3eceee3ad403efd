import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { ActionSpec, Json, Plan } from '../../contract/index.ts';
import {
  ASK,
  CONTEXT,
  type RoadBench,
  appConfig,
  changeImage,
  checkout,
  deployment,
  draftOf,
  incident,
  roadBench,
} from '../doubles/road-bench.ts';

/**
 * Ways to change something without a decision that is valid for exactly that. Each is tried with generated details; whatever it is, no
 * request but rehearsals may arrive at the cluster. The number of tries is the size of the attack, so each kind is tried often.
 */

const TRIES = { full: 10_000, tenth: 1_000 }[process.env['QUARTERDECK_COUNTS'] ?? ''] ?? 140;
const tried = new Map<string, { tries: number; writes: number }>();
afterAll(() => {
  const rows = [...tried].map(
    ([kind, { tries, writes }]) => `${kind.padEnd(90)} ${String(tries).padStart(6)} ${String(writes).padStart(6)}`,
  );
  const all = [...tried.values()].reduce((n, t) => n + t.tries, 0);
  console.info(
    [
      `${'attempt'.padEnd(90)}  tries writes`,
      ...rows,
      `${'all'.padEnd(90)} ${String(all).padStart(6)} ${String([...tried.values()].reduce((n, t) => n + t.writes, 0)).padStart(6)}`,
    ].join('\n'),
  );
});

interface Try {
  readonly bench: RoadBench;
  readonly plan: Plan;
  readonly text: string;
  readonly nth: number;
}
type Attack = (t: Try) => Promise<unknown>;

const yes = (plan: Plan, more: object = {}) => ({ id: plan.id, hash: plan.hash, decision: 'approved' as const, by: 'ana', ...more });
const edit = ({ bench }: Try, change: (o: { [key: string]: Json }) => void) => bench.cluster.edit(checkout, change);
const meta = (o: { [key: string]: Json }) => o['metadata'] as { [key: string]: Json };
const spec = (o: { [key: string]: Json }) => o['spec'] as { [key: string]: Json };
/** The plan in the store, changed behind the road's back; a new process then reads it. */
async function edited({ bench, plan }: Try, change: (plan: Plan) => Plan): Promise<RoadBench> {
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
    expect(plan.state).toBe('refused');
    return t.bench.road.decide(yes(plan));
  };

const ATTACKS: Readonly<Record<string, Attack>> = {
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
    edit(t, (o) => Object.assign(spec(o), { replicas: 3 + t.nth }));
    return t.bench.road.decide(yes(t.plan));
  },
  'the target was deleted, or deleted and made anew': async (t) => {
    t.bench.cluster.remove(checkout);
    if (t.nth % 2 === 0) t.bench.cluster.put(deployment());
    return t.bench.road.decide(yes(t.plan));
  },
  'the target got another owner': async (t) => {
    edit(t, (o) =>
      Object.assign(meta(o), { ownerReferences: [{ apiVersion: 'x/v1', kind: 'X', name: t.text, uid: t.text, controller: true }] }),
    );
    return t.bench.road.decide(yes(t.plan));
  },
  'the context means another cluster by now, or none': (t) => {
    t.bench.marks.clusterUid = t.nth % 3 === 0 ? undefined : `cluster-${t.text}`;
    return t.bench.road.decide(yes(t.plan));
  },
  'the namespace of what would be created is another one of the same name': async (t) => {
    const space = { apiVersion: 'v1', kind: 'Namespace', name: 'shop' };
    t.bench.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const plan = await t.bench.propose(draftOf([manifest({ data: { a: t.text } })]));
    expect(plan.state).toBe('awaitingApproval');
    t.bench.cluster.remove(space);
    t.bench.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
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
};

for (const [kind, attack] of Object.entries(ATTACKS))
  test(kind, async () => {
    const runs = Math.ceil(TRIES / Object.keys(ATTACKS).length);
    const count = { tries: 0, writes: 0 };
    tried.set(kind, count);
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 24, unit: 'grapheme' }), fc.nat(1_000), async (text, nth) => {
        const bench = roadBench();
        const plan = await bench.propose();
        expect(plan.state).toBe('awaitingApproval');
        const before = bench.cluster.sent;
        await attack({ bench, plan, text, nth });
        await bench.clock.turn(1_000);
        count.tries++;
        count.writes += bench.cluster.sent - before;
        expect(bench.cluster.sent - before).toBe(0);
      }),
      { numRuns: runs },
    );
    expect(count).toEqual({ tries: runs, writes: 0 });
  });

test('the same attack bench does let a valid decision through, once: a second yes sends nothing more', async () => {
  const bench = roadBench();
  const plan = await bench.propose();
  expect(await bench.road.decide(yes(plan))).toMatchObject({ ok: true });
  await bench.clock.turn(0);
  const { sent } = bench.cluster;
  expect(sent).toBe(1);
  expect(await bench.road.decide(yes(plan))).toMatchObject({ ok: false, failure: { code: 'plan-state' } });
  await bench.clock.turn(0);
  expect(bench.cluster.sent).toBe(sent);
});
