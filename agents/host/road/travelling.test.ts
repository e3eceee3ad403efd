import { expect, test } from 'vitest';
import { find } from '../actions/json-patch.ts';
import { IMAGE, type RoadBench, checkout, draftOf, roadBench, approved, end } from '../doubles/road-bench.ts';

const image = (bench: RoadBench) => find(bench.cluster.peek(checkout) ?? null, IMAGE);

test('the whole road, in the order of its events, each key in the log before its request leaves', async () => {
  const bench = roadBench();
  const seen: string[][] = [];
  bench.cluster.onWrite = () => {
    void bench.eventTypes().then((types) => seen.push(types));
    return undefined;
  };
  const plan = await bench.carryOut();
  expect(plan).toMatchObject({ state: 'done', decision: 'approved', decidedBy: 'ana', reason: 'IMG-001 is gone, for 10 s' });
  expect(await bench.eventTypes()).toEqual([
    'plan.proposed',
    'approval.requested',
    'approval.resolved',
    'action.started',
    'action.succeeded',
    'plan.verifying',
    'plan.verified',
    'plan.settled',
  ]);
  expect(seen.map((types) => types.at(-1))).toEqual(['action.started']);
  expect(bench.cluster.writes).toHaveLength(1);
  expect(bench.cluster.writes[0]?.body).toMatchObject([
    { op: 'test', path: '/metadata/uid', value: 'uid-1' },
    { op: 'test', path: '/metadata/generation', value: 1 },
    { op: 'test', path: IMAGE },
    { op: 'replace', path: IMAGE, value: 'shop/api:1.1' },
  ]);
  expect(bench.judged()).toEqual([]);
});

test('decide answers as soon as the plan is on its way', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => 'neverAnswered';
  expect(await approved(bench)).toMatchObject({ state: 'acting', decision: 'approved' });
  expect(await bench.clock.until(bench.road.settled('plan-1', 5_000))).toMatchObject({ value: { state: 'acting' } });
});

test('good news must last: a break begins the time anew', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.say({ holds: true });
  await bench.clock.turn(9_000);
  bench.say({ holds: false, because: 'it crashed again' });
  await bench.clock.turn(5_000);
  bench.say({ holds: true, because: 'well' });
  await bench.clock.turn(9_999);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  await bench.clock.turn(1);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'done', reason: 'well, for 10 s' } });
});

test('what is good when the time is up gets the rest of its time', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(125_000);
  bench.say({ holds: true, because: 'well' });
  expect(await end(bench, id)).toMatchObject({ state: 'done' });
});

test('a hopeless verdict takes the change back at once', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(1_000);
  bench.say({ hopeless: true, because: 'a new fault appeared: POD-004' });
  await bench.clock.turn(0);
  expect(await bench.road.settled(id, 0)).toMatchObject({
    value: { state: 'rolledBack', reason: expect.stringContaining('a new fault appeared: POD-004') },
  });
  expect(image(bench)).toBe('shop/api:1.0');
});

test('good news about a cluster that cannot be read is not enough', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.say({ holds: true });
  bench.cluster.down = true;
  await bench.clock.turn(300_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  bench.cluster.down = false;
  expect(await end(bench, id)).toMatchObject({ state: 'done' });
});

test('while the cluster cannot be reached the time of a plan does not run out', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.down = true;
  await bench.clock.turn(400_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  bench.cluster.down = false;
  bench.say({ holds: true, because: 'well' });
  expect((await end(bench, id)).state).toBe('done');
});

test('a cluster that stays away is not waited for without end', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.down = true;
  expect(await end(bench, id)).toMatchObject({ state: 'rollbackFailed', reason: expect.stringContaining('A person must look at it.') });
});

test('while a plan is on its way its incident gets no other', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  expect(
    (await bench.propose(draftOf([{ type: 'scale', target: { ...checkout, name: 'other' }, replicas: 1 }], { remedy: 'other' }))).id,
  ).toBe(id);
});
