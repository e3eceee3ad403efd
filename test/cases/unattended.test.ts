import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Envelope, Plan } from '../../agents/contract/index.ts';
import { up } from '../cluster/cluster.ts';
import { startKwok } from '../cluster/kwok.ts';
import { writesOf } from './api-audit.ts';
import { type FaultCase, isControl } from './case.ts';
import { ClusterClient } from './cluster-client.ts';
import { rolledOut } from './conditions.ts';
import { loadCases } from './play.ts';
import { Product } from './product.ts';
import { scriptOf } from './script.ts';
import { Watcher } from './watcher.ts';

/**
 * Two clusters, twenty faults, nobody there: one context is protected, in the other rules give what is of low risk and two kinds of medium. What they
 * give is repaired, all else waits, and the exported log tells it all.
 */

/** Some of low risk, some of more; in the protected cluster nothing runs (its nodes are objects only), so faults that objects show. */
const AUTOMATIC = [
  '01-command-not-in-image',
  '07-config-map-name-wrong',
  '16-node-selector-typo',
  '33-selector-typo',
  '34-target-port-name-wrong',
  '37-ingress-backend-misspelt',
  '44-rollout-paused',
  '45-stateful-set-without-service',
  '48-suspended-and-forgotten',
  '49-autoscaler-of-nothing',
  '53-scaled-to-zero-and-missed',
  '54-caller-in-another-namespace',
];
const PROTECTED = [
  '16-node-selector-typo',
  '24-scheduler-nobody-is',
  '25-quota-exceeded',
  '33-selector-typo',
  '44-rollout-paused',
  '45-stateful-set-without-service',
  '48-suspended-and-forgotten',
  '49-autoscaler-of-nothing',
];
const PROPOSED_MS = 120_000;
const SETTLED_S = 150;
const AT_ONCE = 4;

const run = Date.now().toString(36).slice(-5);
/** They would hold in both contexts; that one is protected is no matter of rules. */
const RULES = `version: 1
rules:
  - id: small-things
    match: { namespaces: ["alone-*"], maxRisk: low }
    give: auto
    because: what is small and can be put back need not wake anybody
  - id: back-and-up
    match: { namespaces: ["alone-*"], actions: [undo-rollout, scale], maxRisk: medium }
    give: auto
    because: a revision that ran before, and replicas that were there before, are known to work
budgets: { perClusterPerHour: 40, perWorkloadPerHour: 2 }
`;
const allowed = (p: Plan) =>
  p.risk === 'low' || (p.risk === 'medium' && p.actions.every((a) => a.type === 'undo-rollout' || a.type === 'scale'));

interface Place {
  readonly context: string;
  readonly client: ClusterClient;
  readonly watcher: Watcher;
  readonly faults: readonly { readonly c: FaultCase; readonly namespace: string }[];
}

let product: Product;
let places: readonly Place[] = [];

beforeAll(async () => {
  const cluster = await up(2);
  const [first = '', second = ''] = cluster.contexts;
  await startKwok({ nodes: 2, context: second });
  product = await Product.start(cluster.kubeconfig, first);
  await product.call('POST', '/contexts/mark', { context: second, protected: true, by: 'kim' });
  await product.call('POST', '/clusters/connect', { context: second });
  await product.call('POST', '/autonomy', { text: RULES, by: 'kim' });
  const cases = new Map((await loadCases()).map((c) => [c.id, c]));
  const place = (context: string, ids: readonly string[]): Place => {
    const client = new ClusterClient(cluster.kubeconfig, context);
    const faults = ids.flatMap((id) => {
      const c = cases.get(id);
      return c === undefined || isControl(c) ? [] : [{ c, namespace: `alone-${id}-${run}`.slice(0, 60) }];
    });
    return { context, client, watcher: new Watcher(client), faults };
  };
  places = [place(first, AUTOMATIC), place(second, PROTECTED)];
});

afterAll(async () => {
  for (const { client, watcher, faults } of places) {
    watcher.close();
    for (const { namespace } of faults) await client.delete('Namespace', namespace);
    client.close();
  }
  await product.close();
});

async function makeFault({ client, watcher }: Place, c: FaultCase, namespace: string): Promise<void> {
  const { before, objects } = scriptOf(c);
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, namespace);
  for (const object of before) await client.apply(object, namespace);
  if (before.length > 0)
    await watcher.until(namespace, (seen) => seen.list('Deployment').every((d) => rolledOut('Deployment', d.metadata.name)(seen)), 60_000);
  for (const object of objects) await client.apply(object, namespace);
}

/** The plans for the case's own cause, when they are there. */
async function plansFor(context: string, c: FaultCase, namespace: string): Promise<readonly Plan[]> {
  for (const deadline = Date.now() + PROPOSED_MS; Date.now() < deadline; await new Promise((go) => setTimeout(go, 500))) {
    const of = (await product.incidents(namespace)).filter(
      (i) => i.context === context && i.rootCause.resource.kind === c.expect.kind && i.rootCause.resource.name === c.expect.name,
    );
    const plans = of.flatMap((i) => i.plans).filter((p) => p.state !== 'refused');
    if (plans.length > 0) return plans;
  }
  return (await plansSeen(namespace, context)).filter((p) => p.actions[0]?.target.name === c.expect.name);
}

/** A repaired incident is no longer listed; its plans are. */
async function plansSeen(namespace: string, context: string): Promise<readonly Plan[]> {
  const { plans } = await product.call<{ plans: Plan[] }>('GET', '/plans');
  return plans.filter((p) => p.context === context && p.actions.some((a) => a.target.namespace === namespace));
}

const exported = (): Promise<readonly Envelope[]> =>
  new Promise((done, fail) => {
    const cli = join(import.meta.dirname, '../../agents/host/cli/quarterdeck.mjs');
    const child = spawn(process.execPath, [cli, 'audit', 'export', '--data-dir', product.dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', fail);
    child.on('exit', () => done(text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Envelope]))));
  });

test('twenty faults: what the rule gives is repaired unattended, the rest waits, and the exported log tells the whole story', async () => {
  const [auto, kept] = places;
  if (auto === undefined || kept === undefined) throw new Error('the clusters are not there');
  const seen: { readonly place: Place; readonly c: FaultCase; readonly namespace: string; readonly plans: readonly Plan[] }[] = [];
  const work = places.flatMap((place) => place.faults.map((fault) => ({ place, ...fault })));
  const waiting = [...work];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await makeFault(next.place, next.c, next.namespace);
        seen.push({ ...next, plans: await plansFor(next.place.context, next.c, next.namespace) });
      }
    }),
  );

  const rows: string[] = [];
  const wrong: string[] = [];
  let repaired = 0;
  for (const { place, c, namespace } of seen.sort((a, b) => (a.c.id < b.c.id ? -1 : 1))) {
    const plans = await Promise.all(
      (await plansSeen(namespace, place.context)).map((p) =>
        p.autonomy?.give === 'auto' ? product.call<Plan>('GET', `/plans/${p.id}/settled?timeoutSeconds=${SETTLED_S}`) : p,
      ),
    );
    const given = plans.filter((p) => p.autonomy?.give === 'auto' && p.state !== 'abandoned');
    const others = plans.filter((p) => p.autonomy?.give !== 'auto');
    if (plans.length === 0) wrong.push(`${place.context} ${c.id}: no plan`);
    for (const p of given) if (place === kept || !allowed(p)) wrong.push(`${c.id}: ${p.title} is ${p.risk}, and was automatic`);
    if (place === auto)
      for (const p of others)
        if (p.state === 'awaitingApproval' && allowed(p))
          wrong.push(`${c.id}: ${p.title} is within a rule, and waits: ${p.autonomy?.because ?? ''}`);
    for (const p of others) if (['acting', 'verifying', 'done'].includes(p.state)) wrong.push(`${c.id}: ${p.title} was done unasked`);
    const done = given.filter((p) => p.state === 'done');
    if (done.length > 0) {
      repaired++;
      const after = c.repair?.after;
      if (after !== undefined && (await place.watcher.until(namespace, after, 20_000)) === undefined)
        wrong.push(`${c.id}: is not as it should be`);
    } else if (given.length > 0) wrong.push(`${c.id}: ${given.map((p) => `${p.title} ended ${p.state}: ${p.reason ?? ''}`).join('; ')}`);
    else if (!others.some((p) => p.state === 'awaitingApproval'))
      wrong.push(`${c.id}: nothing waits (${others.map((p) => p.state).join()})`);
    rows.push(
      `${place === kept ? 'protected' : 'automatic'}  ${c.id.padEnd(34)} ${plans.map((p) => `${p.risk} ${p.autonomy?.give ?? '?'} ${p.state}`).join('; ')}`,
    );
  }
  console.info(rows.join('\n'));
  expect(wrong).toEqual([]);
  expect(seen).toHaveLength(AUTOMATIC.length + PROTECTED.length);
  expect(repaired).toBeGreaterThanOrEqual(4);

  const log = (await exported()).map((e) => e.event);
  const approvals = log.flatMap((e) => (e.type === 'approval.resolved' ? [e] : []));
  expect(approvals.length).toBeGreaterThanOrEqual(repaired);
  for (const approval of approvals) {
    expect(approval).toMatchObject({ context: auto.context, decision: 'approved' });
    expect(['rule:small-things', 'rule:back-and-up']).toContain(approval.by);
    const about = (type: string) => log.filter((e) => e.type === type && 'plan' in e && e.plan === approval.plan).length;
    const plan = log.flatMap((e) => (e.type === 'plan.proposed' && e.plan.id === approval.plan ? [e.plan] : []))[0];
    expect(log.some((e) => e.type === 'incident.opened' && e.incident.id === plan?.incidentId)).toBe(true);
    expect([about('action.started'), about('action.succeeded'), about('plan.verified'), about('plan.settled')]).toEqual([
      plan?.actions.length,
      plan?.actions.length,
      1,
      1,
    ]);
  }

  const ours = (cluster: number) => writesOf(cluster, run).filter((w) => w.manager === 'quarterdeck');
  const acted = log.filter((e) => e.type === 'action.succeeded').length;
  console.info(
    `${repaired} of ${seen.length} repaired by rule; writes by the API servers' own logs: ${ours(1).length} and ${ours(2).length}; log ${log.length} entries`,
  );
  expect([ours(1).length, ours(2).length]).toEqual([acted, 0]);
  const audit = await product.call<{ log: { intact: boolean } }>('GET', '/audit/verify');
  expect(audit.log.intact).toBe(true);
}, 600_000);

/** Kinds of saying yes to a plan without having the right to, or not to that plan. */
const ATTEMPTS = { full: 100, tenth: 12 }[process.env['QUARTERDECK_COUNTS'] ?? ''] ?? 4;

test('what waits cannot be begun by anything but a valid yes: the API servers have heard of no change', async () => {
  const [auto, kept] = places;
  if (auto === undefined || kept === undefined) throw new Error('the clusters are not there');
  const { plans } = await product.call<{ plans: Plan[] }>('GET', '/plans?state=waiting');
  const mine = plans.filter((p) => p.actions.some((a) => a.target.namespace?.endsWith(run) === true));
  const guarded = mine.filter((p) => p.context === kept.context);
  const [first] = mine;
  if (first === undefined || guarded.length === 0) throw new Error('nothing waits');
  const tokenOf = async (scope: string) =>
    (await product.call<{ value: string }>('POST', '/tokens', { name: `${scope}-${run}`, scope, by: 'kim' })).value;
  const [reader, proposer] = [await tokenOf('read'), await tokenOf('propose')];
  const yes = (plan: Plan, more: object = {}) => ({
    hash: plan.hash,
    decision: 'approved',
    by: 'ana',
    typedContext: plan.context,
    ...more,
  });
  const other = (plan: Plan, n: number) => mine.filter((p) => p.hash !== plan.hash)[n % (mine.length - 1)] ?? plan;
  const made = (plan: Plan, n: number) => createHash('sha256').update(`${plan.hash}${n}`).digest('hex');
  const decide = (plan: Plan, body: object, token?: string) => product.attempt('POST', `/plans/${plan.id}/decide`, body, token);
  const attempts: Readonly<Record<string, (plan: Plan, n: number) => Promise<number>>> = {
    'a hash that is made up': (plan, n) => decide(plan, yes(plan, { hash: made(plan, n) })),
    'the hash of another plan': (plan, n) => decide(plan, yes(plan, { hash: other(plan, n).hash })),
    'a token that may only read': (plan) => decide(plan, yes(plan), reader),
    'a token that may only propose': (plan) => decide(plan, yes(plan), proposer),
    'no token': (plan) => decide(plan, yes(plan), ''),
    'a token that is made up': (plan, n) => decide(plan, yes(plan), made(plan, n)),
    'a protected context, its name not typed': (_, n) => {
      const plan = guarded[n % guarded.length] ?? first;
      return decide(plan, { ...yes(plan), typedContext: [undefined, '', `${kept.context} `, auto.context][n % 4] });
    },
    'the name of a rule': (plan) => decide(plan, yes(plan, { by: 'rule:small-things' })),
    'more than a decision': (plan) => decide(plan, yes(plan, { actions: [] })),
  };
  const heardBefore = [writesOf(1, run), writesOf(2, run)].map((w) => w.filter(({ manager }) => manager === 'quarterdeck').length);
  const rows: string[] = [];
  for (const [kind, attempt] of Object.entries(attempts)) {
    const statuses: number[] = [];
    for (let n = 0; n < ATTEMPTS; n++) statuses.push(await attempt(mine[n % mine.length] ?? first, n));
    rows.push(`${kind.padEnd(42)} ${statuses.length} tries: ${[...new Set(statuses)].join(', ')}`);
    expect([kind, statuses.filter((s) => s < 400 || s >= 500)]).toEqual([kind, []]);
  }
  // And a yes that came too late: the object is another one since.
  const drifted = mine
    .filter((p) => p.context === auto.context && p.actions.length === 1 && p.actions[0]?.target.kind === 'Deployment')
    .slice(0, 2);
  for (const plan of drifted) {
    const { namespace = '', name = '' } = plan.actions[0]?.target ?? {};
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
    await auto.client.call('PATCH', path, { spec: { minReadySeconds: 7 } }, 'application/merge-patch+json');
    expect(await decide(plan, yes(plan))).toBeGreaterThanOrEqual(400);
  }
  rows.push(`${'an object that was changed since'.padEnd(42)} ${drifted.length} tries`);
  console.info(rows.join('\n'));
  expect([writesOf(1, run), writesOf(2, run)].map((w) => w.filter(({ manager }) => manager === 'quarterdeck').length)).toEqual(heardBefore);
}, 300_000);
