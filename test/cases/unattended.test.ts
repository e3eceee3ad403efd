import { spawn } from 'node:child_process';
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
      for (const p of others) if (allowed(p)) wrong.push(`${c.id}: ${p.title} is within a rule, and waits: ${p.autonomy?.because ?? ''}`);
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
