import { expect, test } from 'vitest';
import type { Json } from '../../contract/index.ts';
import { StoreError, fullFailure } from '../store/failures.ts';
import { find } from '../actions/json-patch.ts';
import { IMAGE, type RoadBench, changeImage, checkout, deployment, draftOf, roadBench, approved, end } from '../doubles/road-bench.ts';

const image = (bench: RoadBench) => find(bench.cluster.peek(checkout) ?? null, IMAGE);
const spec = (o: { [key: string]: Json }) => o['spec'] as { replicas: number; template: { spec: { containers: { image: string }[] } } };

const fullDisk = new StoreError(fullFailure('/data'));

test('a rollout may take as long as it says itself', async () => {
  const bench = roadBench();
  bench.cluster.edit(checkout, (o) => Object.assign(o['spec'] as object, { progressDeadlineSeconds: 600 }));
  const { id } = await approved(bench);
  await bench.clock.turn(609_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  await bench.clock.turn(2_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'rolledBack' } });
});

test('two actions on one object: the second expects what the first left', async () => {
  const bench = roadBench();
  const { id } = await approved(bench, draftOf([changeImage(), { type: 'scale', target: checkout, replicas: 0 }]));
  await bench.clock.turn(0);
  expect(bench.cluster.writes).toHaveLength(2);
  bench.say({ hopeless: true });
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(bench.cluster.peek(checkout)).toMatchObject({ spec: deployment()['spec'] });
});

test('after a scaling, whose answer knows no generation, the next action expects what the object shows', async () => {
  const bench = roadBench();
  const append = bench.store.appendWithPlan;
  bench.store.appendWithPlan = async (events, plan) => {
    const stored = await append(events, plan);
    // The controller writes the status between the two actions.
    if (events.some((e) => e.type === 'action.succeeded')) bench.cluster.edit(checkout, (o) => void (o['status'] = { readyReplicas: 1 }));
    return stored;
  };
  const { id } = await approved(bench, draftOf([{ type: 'scale', target: checkout, replicas: 5 }, changeImage()]));
  await bench.clock.turn(0);
  expect(bench.cluster.writes).toHaveLength(2);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
});

test('an object somebody changes between two actions stops the plan', async () => {
  const bench = roadBench();
  bench.cluster.put(deployment('cart'));
  const cart = { ...checkout, name: 'cart' };
  bench.cluster.onWrite = (_, nth) => {
    if (nth === 1) bench.cluster.edit(cart, (o) => void (spec(o).replicas = 7));
    return undefined;
  };
  const { id } = await approved(bench, draftOf([changeImage(), changeImage('shop/api:1.1', cart)]));
  expect(await end(bench, id)).toMatchObject({
    state: 'rolledBack',
    reason: expect.stringContaining('Deployment shop/cart has changed since the plan was approved'),
  });
  expect(find(bench.cluster.peek(cart) ?? null, '/spec/replicas')).toBe(7);
});

test('a first action that is refused changes nothing, and says so', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => ({ code: 'forbidden', message: 'needs patch' });
  const { id } = await approved(bench);
  expect(await end(bench, id)).toMatchObject({
    state: 'failed',
    reason: 'Nothing was changed: needs patch',
    failure: { code: 'forbidden' },
  });
  expect(bench.cluster.writes).toEqual([]);
  expect((await bench.eventTypes()).slice(-2)).toEqual(['action.failed', 'plan.settled']);
});

test('an object that changes in the last moment is refused by the server, and named by us', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => {
    bench.cluster.edit(checkout, (o) => void (spec(o).replicas = 7));
    return undefined;
  };
  const { id } = await approved(bench);
  expect(await end(bench, id)).toMatchObject({ state: 'failed', failure: { code: 'plan-drifted' } });
  expect(bench.cluster.writes).toEqual([]);
});

test('a conflict is no answer: the same request is sent again under the same key', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = (_, nth) => (nth < 3 ? { code: nth === 1 ? 'conflict' : 'too-many-requests', message: 'again' } : undefined);
  const { id } = await approved(bench);
  await bench.clock.turn(5_000);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
  expect(bench.cluster.sent).toBe(3);
  expect(bench.cluster.writes).toHaveLength(1);
  expect((await bench.eventTypes()).filter((t) => t === 'action.started')).toHaveLength(1);
});

/** The controller writes its status between what is read of the object and what is rehearsed of it. */
function busyController(bench: RoadBench, writes: (nth: number) => boolean): void {
  const { dryRun } = bench.cluster;
  let nth = 0;
  bench.cluster.dryRun = (context, request) => {
    nth += 1;
    if (writes(nth)) bench.cluster.edit(checkout, (o) => void (o['status'] = { observed: nth }));
    return dryRun(context, request);
  };
}
const scaled = draftOf([{ type: 'scale', target: checkout, replicas: 5 }]);

test('a status that is written while a change is rehearsed does not stop it: it is read and rehearsed anew', async () => {
  const bench = roadBench();
  busyController(bench, (nth) => nth % 3 !== 0);
  const { id } = await approved(bench, scaled);
  await bench.clock.turn(5_000);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
  expect(bench.cluster.writes).toHaveLength(1);
});

test('where it never comes to rest, nothing is sent, and the plan ends with the words of the server', async () => {
  const bench = roadBench();
  // It is rehearsed when it is proposed and when it is decided, and then to be carried out.
  busyController(bench, (nth) => nth > 2);
  const { id } = await approved(bench, scaled);
  expect(await end(bench, id)).toMatchObject({ state: 'failed', failure: { code: 'conflict' } });
  expect(bench.cluster.sent).toBe(0);
});

test.each(['lostAfter'] as const)('an answer that got lost after the change is looked up, not sent again (%s)', async (fault) => {
  const bench = roadBench();
  bench.cluster.onWrite = (_, nth) => (nth === 1 ? fault : undefined);
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
  expect(bench.cluster.sent).toBe(1);
});

test.each(['lostBefore', 'throws'] as const)('a request that got lost changed nothing (%s)', async (fault) => {
  const bench = roadBench();
  bench.cluster.onWrite = () => fault;
  const { id } = await approved(bench);
  expect((await end(bench, id)).state).toBe('failed');
  expect(bench.cluster.sent).toBe(1);
  expect(image(bench)).toBe('shop/api:1.0');
});

test('an answer that got lost, and a cluster that is gone then: loud, because nobody knows', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => {
    bench.cluster.down = true;
    return 'lostAfter';
  };
  const { id } = await approved(bench);
  const plan = await end(bench, id);
  expect(plan.state).toBe('rollbackFailed');
  expect(plan.reason).toContain('it is not known whether it was changed');
  expect(bench.log.join()).toContain('error plan-1 could not be taken back completely');
  expect(bench.cluster.sent).toBe(1);
});

test('a log that cannot be written stops everything: nothing is sent', async () => {
  const bench = roadBench();
  const append = bench.store.appendWithPlan;
  const plan = await bench.propose();
  bench.store.appendWithPlan = (events, p) =>
    events.some((e) => e.type === 'action.started') ? Promise.reject(fullDisk) : append(events, p);
  expect((await bench.approve(plan)).ok).toBe(true);
  expect(await end(bench, plan.id)).toMatchObject({ state: 'needsReview', failure: { code: 'data-dir-full' } });
  expect(bench.cluster.sent).toBe(0);
});

test('a decision that cannot be recorded is none', async () => {
  const bench = roadBench();
  const plan = await bench.propose();
  const append = bench.store.appendWithPlan;
  bench.store.appendWithPlan = () => Promise.reject(fullDisk);
  expect(await bench.approve(plan)).toMatchObject({ ok: false, failure: { code: 'data-dir-full' } });
  bench.store.appendWithPlan = append;
  expect(bench.cluster.sent).toBe(0);
  expect((await bench.approve(plan)).ok).toBe(true);
});
