import { expect, test } from 'vitest';
import type { ActionSpec, Failure } from '../../contract/index.ts';
import { type RoadBench, appConfig, changeImage, draftOf, roadBench, approved, end } from '../doubles/road-bench.ts';

/** The red stop, wherever a plan is when it comes. */

const HELD: Failure = { code: 'held', message: 'All agents are held, by kim. Nothing is changed.' };
const mode: ActionSpec = { type: 'patch', target: appConfig, ops: [{ op: 'replace', path: '/data/mode', value: 'new' }] };

const both = (bench: RoadBench) => approved(bench, draftOf([changeImage(), mode]));

test('a yes is refused while held and nothing is sent; a no is taken; after the release the same plan can be approved', async () => {
  const bench = roadBench();
  const plan = await bench.propose();
  bench.marks.held = HELD;
  expect(await bench.approve(plan)).toEqual({ ok: false, failure: HELD });
  expect(bench.cluster.sent).toBe(0);
  bench.marks.held = undefined;
  expect(await bench.approve(plan)).toMatchObject({ ok: true, value: { state: 'acting' } });

  const other = roadBench();
  const waits = await other.propose();
  other.marks.held = HELD;
  expect(await other.road.decide({ id: waits.id, hash: waits.hash, decision: 'rejected', by: 'ana' })).toMatchObject({
    ok: true,
    value: { state: 'rejected' },
  });
});

test('held before the first request: nothing was changed, and that is said', async () => {
  const bench = roadBench();
  const plan = await bench.propose();
  const { appendWithPlan } = bench.store;
  bench.store.appendWithPlan = async (events, p) => {
    const stored = await appendWithPlan(events, p);
    if (events.some((e) => e.type === 'action.started')) bench.marks.held = HELD;
    return stored;
  };
  await bench.approve(plan);
  const settled = await end(bench, plan.id);
  expect(settled).toMatchObject({ state: 'failed', failure: HELD });
  expect(settled.reason).toContain('Nothing was changed');
  expect(bench.cluster.sent).toBe(0);
});

test('held between two actions: the second is not sent, the first stays, a person must look', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => {
    bench.marks.held = HELD;
    return undefined;
  };
  const { id } = await both(bench);
  const settled = await end(bench, id);
  expect(settled.state).toBe('needsReview');
  expect(settled.reason).toBe(`1 of 2 actions were carried out: ${HELD.message} A person must look at it.`);
  expect(bench.cluster.writes.map((w) => w.target.kind)).toEqual(['Deployment']);
});

test('held while verifying: what did not help is not taken back; what did is done', async () => {
  const bench = roadBench();
  const bad = await both(bench);
  await bench.clock.turn(0);
  bench.marks.held = HELD;
  bench.say({ hopeless: true, because: 'it crashes still' });
  const settled = await end(bench, bad.id);
  expect([settled.state, settled.reason]).toEqual([
    'needsReview',
    `It crashes still, and it was not taken back: ${HELD.message} A person must look at it.`,
  ]);
  expect(bench.cluster.writes).toHaveLength(2);

  const helped = roadBench();
  const good = await both(helped);
  await helped.clock.turn(0);
  helped.marks.held = HELD;
  helped.say({ holds: true });
  expect((await end(helped, good.id)).state).toBe('done');
});

test('held while it is taken back: the rest is left as it is', async () => {
  const bench = roadBench();
  const { id } = await both(bench);
  await bench.clock.turn(0);
  bench.cluster.onWrite = () => {
    bench.marks.held = HELD;
    return undefined;
  };
  bench.say({ hopeless: true, because: 'it crashes still' });
  const settled = await end(bench, id);
  expect([settled.state, settled.reason]).toEqual([
    'needsReview',
    `It crashes still, and not everything was put back: ${HELD.message} A person must look at it.`,
  ]);
  expect(bench.cluster.writes).toHaveLength(3);
});
