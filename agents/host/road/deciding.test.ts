import { expect, test } from 'vitest';
import type { Plan } from '../../contract/index.ts';
import { IMAGE, changeImage, checkout, draftOf, roadBench } from '../doubles/road-bench.ts';
import { find } from '../actions/json-patch.ts';

const failing = async (decided: Promise<{ ok: boolean; failure?: { code: string } }>) => {
  const outcome = await decided;
  return outcome.ok ? 'ok' : outcome.failure?.code;
};
const yes = (plan: Plan, more: object = {}) => ({ id: plan.id, hash: plan.hash, decision: 'approved' as const, by: 'ana', ...more });

test('an unknown plan, another hash, and a plan that is settled are refused; nothing is sent', async () => {
  const { road, propose, cluster } = roadBench();
  const plan = await propose();
  expect(await failing(road.decide(yes({ ...plan, id: 'plan-none' })))).toBe('plan-unknown');
  expect(await failing(road.decide(yes({ ...plan, hash: 'f'.repeat(64) })))).toBe('plan-changed');
  expect(await failing(road.decide({ ...yes(plan), decision: 'rejected' }))).toBe('ok');
  expect(await failing(road.decide(yes(plan)))).toBe('plan-state');
  expect(cluster.sent).toBe(0);
});

test('a plan expires by the clock, and cannot be approved after that', async () => {
  const { road, propose, clock, cluster, eventTypes } = roadBench();
  const plan = await propose();
  await clock.turn(30 * 60_000 - 1);
  expect(await road.settled(plan.id, 0)).toMatchObject({ value: { state: 'awaitingApproval' } });
  await clock.turn(1);
  expect(await road.settled(plan.id, 0)).toMatchObject({ value: { state: 'expired' } });
  expect(await failing(road.decide(yes(plan)))).toBe('plan-expired');
  expect(await eventTypes()).toContain('plan.expired');
  expect(cluster.sent).toBe(0);
});

test('a plan that expired while the machine slept cannot be approved, before any timer has fired', async () => {
  const { road, propose, clock, cluster } = roadBench();
  const plan = await propose();
  clock.sleep(30 * 60_000);
  expect(await failing(road.decide(yes(plan)))).toBe('plan-expired');
  expect(await road.settled(plan.id, 0)).toMatchObject({ value: { state: 'expired' } });
  expect(cluster.sent).toBe(0);
});

test('a protected context wants its name typed', async () => {
  const { road, propose, marks, cluster } = roadBench();
  marks.protectedContext = true;
  const plan = await propose();
  expect(plan.riskReasons).toContain('the context is protected');
  expect(await failing(road.decide(yes(plan)))).toBe('confirmation-needed');
  expect(await failing(road.decide(yes(plan, { typedContext: 'Prod' })))).toBe('confirmation-needed');
  expect(cluster.sent).toBe(0);
  expect(await failing(road.decide(yes(plan, { typedContext: 'prod' })))).toBe('ok');
});

test('a context that means another cluster by now ends the plan', async () => {
  const { road, propose, marks, cluster } = roadBench();
  const plan = await propose();
  marks.clusterUid = 'cluster-2';
  expect(await failing(road.decide(yes(plan)))).toBe('plan-drifted');
  expect(await road.settled(plan.id, 0)).toMatchObject({ value: { state: 'abandoned' } });
  expect(cluster.sent).toBe(0);
});

test.each([
  [
    'its spec was changed',
    (c: ReturnType<typeof roadBench>['cluster']) => c.edit(checkout, (o) => void ((o['spec'] as { replicas: number }).replicas = 3)),
  ],
  ['it was deleted', (c) => c.remove(checkout)],
  [
    'it was created anew',
    (c) => (c.put({ ...(c.peek(checkout) as object) } as never), c.edit(checkout, (o) => void o['metadata']), replace(c)),
  ],
  [
    'a label beside it was changed',
    (c) => c.edit(checkout, (o) => void ((o['metadata'] as { labels: Record<string, string> }).labels['app'] = 'x')),
  ],
] satisfies [string, (c: ReturnType<typeof roadBench>['cluster']) => void][])('an object is not as shown: %s', async (_, change) => {
  const { road, propose, cluster } = roadBench();
  // The label lies within the lines that are shown around the change.
  const plan = await propose(
    draftOf([changeImage(), { type: 'patch', target: checkout, ops: [{ op: 'add', path: '/metadata/labels/tier', value: 'x' }] }]),
  );
  change(cluster);
  expect(await failing(road.decide(yes(plan)))).toBe('plan-drifted');
  expect(await road.settled(plan.id, 0)).toMatchObject({ value: { state: 'abandoned' } });
  expect(cluster.sent).toBe(0);
});

function replace(cluster: ReturnType<typeof roadBench>['cluster']): void {
  const { metadata, ...rest } = cluster.peek(checkout) as { metadata: { name: string; namespace: string; labels: object } };
  cluster.remove(checkout);
  cluster.put({ ...rest, metadata: { name: metadata.name, namespace: metadata.namespace, labels: metadata.labels } } as never);
}

test('status writes of a crash-looping workload are no drift', async () => {
  const { road, propose, cluster, clock } = roadBench();
  const plan = await propose();
  cluster.edit(checkout, (o) => void (o['status'] = { readyReplicas: 1 }));
  expect(await failing(road.decide(yes(plan)))).toBe('ok');
  await clock.turn(0);
  expect(find(cluster.peek(checkout) ?? null, IMAGE)).toBe('shop/api:1.1');
});

test('two yeses at once are one approval and one set of writes', async () => {
  const { road, propose, cluster, clock, eventTypes } = roadBench();
  const plan = await propose();
  const outcomes = await Promise.all([failing(road.decide(yes(plan))), failing(road.decide(yes(plan))), failing(road.decide(yes(plan)))]);
  await clock.turn(0);
  expect(outcomes.sort()).toEqual(['ok', 'plan-state', 'plan-state']);
  expect(cluster.writes).toHaveLength(1);
  expect((await eventTypes()).filter((t) => t === 'approval.resolved')).toHaveLength(1);
});

test('a second plan for the same object waits until the first is settled', async () => {
  const { road, propose, cluster, clock } = roadBench();
  const one = await propose();
  const two = await road.propose({
    context: 'prod',
    incident: { id: 'incident-2' },
    agent: 'a',
    draft: draftOf([{ type: 'scale', target: checkout, replicas: 4 }]),
  });
  expect(two.riskReasons.join()).toContain(`${one.id} (Use the image that exists) waits for Deployment shop/checkout too`);
  await road.decide(yes(one));
  await clock.turn(0);
  expect(await failing(road.decide(yes(two)))).toBe('conflict');
  const three = await road.propose({ context: 'prod', incident: { id: 'incident-3' }, agent: 'a', draft: draftOf([changeImage('x:1')]) });
  expect(three).toMatchObject({ state: 'refused', failure: { code: 'conflict' } });
  expect(cluster.writes).toHaveLength(1);
});

/** A pod of checkout, and a plan for each of the two. */
async function partAndWhole() {
  const bench = roadBench();
  const { cluster, road } = bench;
  const uid = (object: unknown) => (object as { metadata: { uid: string } }).metadata.uid;
  const ownedBy = (kind: string, name: string, owner: unknown) => ({
    namespace: 'shop',
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: uid(owner), controller: true }],
  });
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'checkout-1', ...ownedBy('Deployment', 'checkout', cluster.peek(checkout)) },
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'checkout-1-a', ...ownedBy('ReplicaSet', 'checkout-1', cluster.put(set)) },
  };
  cluster.put(pod);
  cluster.put({ ...pod, metadata: { ...pod.metadata, name: 'checkout-1-b' } });
  const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });
  const remove = (name: string, id: string) =>
    road.propose({ context: 'prod', incident: { id }, agent: 'a', draft: draftOf([{ type: 'delete', target: ref(name) }]) });
  return {
    ...bench,
    whole: await bench.propose(),
    part: await remove('checkout-1-a', 'incident-2'),
    sibling: () => remove('checkout-1-b', 'incident-3'),
  };
}

test('a plan for a part waits while its owner is being changed', async () => {
  const { road, clock, cluster, whole, part } = await partAndWhole();
  expect(part.actions[0]?.owners?.map((o) => o.name)).toEqual(['checkout-1', 'checkout']);
  await road.decide(yes(whole));
  await clock.turn(0);
  expect(await road.decide(yes(part))).toMatchObject({
    failure: {
      code: 'conflict',
      message: `${whole.id} (Use the image that exists) is changing Deployment shop/checkout, which Pod shop/checkout-1-a is a part of, now.`,
    },
  });
  expect(await road.settled(part.id, 0)).toMatchObject({ value: { state: 'awaitingApproval' } });
  expect(cluster.writes).toHaveLength(1);
});

test('a plan for an owner waits while a part of it is being changed; another part does not', async () => {
  const { road, clock, cluster, whole, part, sibling } = await partAndWhole();
  await road.decide(yes(part));
  await clock.turn(0);
  expect(await road.decide(yes(whole))).toMatchObject({
    failure: {
      code: 'conflict',
      message: `${part.id} (Use the image that exists) is changing Pod shop/checkout-1-a, a part of Deployment shop/checkout, now.`,
    },
  });
  expect(await failing(road.decide(yes(await sibling())))).toBe('ok');
  await clock.turn(0);
  expect(cluster.writes).toHaveLength(2);
});

test('no network is no yes, but the plan goes on waiting', async () => {
  const { road, propose, cluster } = roadBench();
  const plan = await propose();
  cluster.down = true;
  expect(await failing(road.decide(yes(plan)))).toBe('cluster-unreachable');
  cluster.down = false;
  expect(await road.settled(plan.id, 0)).toMatchObject({ value: { state: 'awaitingApproval' } });
  expect(await failing(road.decide(yes(plan)))).toBe('ok');
});

test('a plan whose stored content was changed behind our back is not carried out', async () => {
  const bench = roadBench();
  const plan = await bench.propose();
  await bench.store.appendWithPlan([], { ...plan, actions: plan.actions.map((a) => ({ ...a, spec: changeImage('evil:1') })) });
  const next = bench.restart();
  await next.road.recover();
  expect(await next.road.decide(yes(plan))).toMatchObject({
    failure: { code: 'plan-drifted', message: expect.stringContaining('the stored plan was changed') },
  });
  expect(bench.cluster.sent).toBe(0);
});
