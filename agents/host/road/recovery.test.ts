import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostEvent } from '../../contract/index.ts';
import { find } from '../actions/json-patch.ts';
import { IMAGE, type RoadBench, appConfig, changeImage, checkout, draftOf, roadBench } from '../doubles/road-bench.ts';
import type { Fault } from '../doubles/small-cluster.ts';
import { quiet } from '../doubles/turned-clock.ts';

const two = draftOf([changeImage(), { type: 'patch', target: appConfig, ops: [{ op: 'replace', path: '/data/mode', value: 'new' }] }]);
const never = () => new Promise<never>(() => undefined);

/** The process ends at an append: before it is stored, or just after, and nobody hears of it. */
function dieAt(bench: RoadBench, type: HostEvent['type'], nth: number, when: 'before' | 'after'): void {
  const append = bench.store.appendWithPlan;
  let seen = 0;
  let dead = false;
  bench.store.appendWithPlan = (events, plan) => {
    if (dead) return never();
    if (events.some((e) => e.type === type) && ++seen === nth) {
      dead = true;
      if (when === 'before') return never();
      return append(events, plan).then(never);
    }
    return append(events, plan);
  };
}

/** The process ends; a new one starts on the same data directory, and the cluster answers again. */
async function restart(old: RoadBench): Promise<RoadBench> {
  old.cluster.onWrite = () => undefined;
  const next = old.restart();
  await next.clock.until(next.road.recover(), 60_000);
  return next;
}

const STEPS: [HostEvent['type'], number][] = [
  ['approval.resolved', 1],
  ['action.started', 1],
  ['action.succeeded', 1],
  ['action.started', 2],
  ['action.succeeded', 2],
  ['plan.verifying', 1],
  ['plan.settled', 1],
];

test.each(STEPS.flatMap(([type, nth]) => [[type, nth, 'before'] as const, [type, nth, 'after'] as const]))(
  'the process ends at %s %i (%s it is stored): nothing is applied twice, and it never goes on acting by itself',
  async (type, nth, when) => {
    const first = roadBench();
    const plan = await first.propose(two);
    dieAt(first, type, nth, when);
    void first.approve(plan);
    await first.clock.turn(0);
    first.say({ holds: true });
    await first.clock.turn(20_000);
    const written = first.cluster.writes.length;
    expect(written).toBeLessThanOrEqual(2);

    const second = await restart(first);
    await second.clock.turn(60_000);
    const now = await second.store.plan(plan.id);
    // Nothing new was sent but, where it was verifying already, the taking back of what nobody judged.
    expect(second.cluster.writes.length).toBe(written);
    const stored = STEPS.findIndex(([t, n]) => t === type && n === nth) * 2 + (when === 'after' ? 1 : 0);
    // Where nothing was sent it is not done, where all was carried out it is verified, and between the two a person looks at it.
    const expected = [
      'awaitingApproval',
      'failed',
      'failed',
      ...Array<string>(5).fill('needsReview'),
      ...Array<string>(5).fill('verifying'),
      'done',
    ][stored];
    expect(now?.state).toBe(expected);
    const keys = (await second.store.events(0, 1000)).flatMap((e) => (e.event.type === 'action.started' ? [e.event.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
  },
);

test.each([
  [
    'neverAnswered',
    '"Change image of container api from shop/api:1.0 to shop/api:1.1 in Deployment shop/checkout" was sent and no answer was recorded; Deployment shop/checkout is as it was before',
  ],
  ['neverAnsweredAfter', 'no answer was recorded; Deployment shop/checkout shows the change'],
] satisfies [Fault, string][])('a request without an answer (%s) is named, with what the cluster shows', async (fault, words) => {
  const first = roadBench();
  const plan = await first.propose(two);
  first.cluster.onWrite = () => fault;
  await first.approve(plan);
  await first.clock.turn(0);
  const second = await restart(first);
  const now = await second.store.plan(plan.id);
  expect(now?.state).toBe('needsReview');
  expect(now?.reason).toContain(words);
  expect(now?.reason).toContain('1 more action was not begun');
  expect((await second.eventTypes()).at(-1)).toBe('plan.settled');
  expect(second.cluster.sent).toBe(1);
});

test('an approved plan of which nothing was sent says so', async () => {
  const first = roadBench();
  const plan = await first.propose();
  dieAt(first, 'action.started', 1, 'before');
  await first.approve(plan);
  await quiet();
  const second = await restart(first);
  expect((await second.store.plan(plan.id))?.reason).toBe(
    'Quarterdeck ended while this plan was being carried out; nothing of it was sent to the cluster.',
  );
});

test('a cluster that cannot be read does not keep the start waiting', async () => {
  const first = roadBench();
  const plan = await first.propose();
  first.cluster.onWrite = () => 'neverAnswered';
  await first.approve(plan);
  await quiet();
  first.cluster.read = never;
  const second = await restart(first);
  expect((await second.store.plan(plan.id))?.reason).toContain('could not be read now (no answer within 5 s)');
});

test('a plan that was being taken back is reviewed by a person, with what was and was not taken back', async () => {
  const first = roadBench();
  const plan = await first.propose(two);
  await first.approve(plan);
  await quiet();
  dieAt(first, 'action.started', 2, 'before');
  first.say({ hopeless: true });
  await first.clock.turn(0);
  const second = await restart(first);
  const now = await second.store.plan(plan.id);
  expect(now?.state).toBe('needsReview');
  expect(now?.reason).toContain('while this plan was being taken back');
  expect(now?.reason).toContain('taking back "Change key mode from old to new in ConfigMap shop/app-config" was carried out');
  expect(find(second.cluster.peek(checkout) ?? null, IMAGE)).toBe('shop/api:1.1');
});

test('verifying goes on after a restart, with a fresh verdict', async () => {
  const first = roadBench();
  const plan = await first.propose();
  await first.approve(plan);
  await quiet();
  await first.clock.until(first.road.close());
  expect((await first.store.plan(plan.id))?.state).toBe('verifying');
  const second = await restart(first);
  await second.clock.turn(0);
  expect(second.marks.connects).toBe(1);
  expect(second.judged()).toEqual([plan.id]);
  second.say({ holds: true, because: 'well' });
  await second.clock.turn(10_000);
  expect((await second.store.plan(plan.id))?.state).toBe('done');
  expect(second.cluster.writes).toHaveLength(1);
});

test('a waiting plan goes on waiting after a restart, until it expires', async () => {
  const first = roadBench();
  const plan = await first.propose();
  const second = await restart(first);
  expect((await second.propose()).id).toBe(plan.id);
  await second.clock.turn(30 * 60_000);
  expect((await second.store.plan(plan.id))?.state).toBe('expired');
  const old = await second.propose();
  await second.clock.turn(0);
  await second.clock.until(second.road.close());
  second.clock.turn(31 * 60_000).catch(() => undefined);
  await quiet();
  const third = await restart(second);
  expect((await third.store.plan(old.id))?.state).toBe('expired');
});

test('a plan that was being prepared is abandoned', async () => {
  const first = roadBench();
  const plan = await first.propose();
  await first.store.appendWithPlan([], { ...plan, id: 'plan-9', state: 'dryRunning' });
  const second = await restart(first);
  expect(await second.store.plan('plan-9')).toMatchObject({ state: 'abandoned', reason: 'Quarterdeck ended while it was prepared' });
});

test('closing waits for actions under way', async () => {
  const first = roadBench();
  const plan = await first.propose();
  const write = first.cluster.write;
  let answer: (() => void) | undefined;
  first.cluster.write = async (context, request) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return write(context, request);
  };
  await first.approve(plan);
  await quiet();
  let closed = false;
  void first.road.close().then(() => (closed = true));
  await quiet();
  expect(closed).toBe(false);
  answer?.();
  await quiet();
  expect(closed).toBe(true);
  expect((await first.store.plan(plan.id))?.state).toBe('verifying');
});

type Order =
  | { readonly do: 'propose'; readonly to: number }
  | { readonly do: 'decide'; readonly plan: number; readonly hash: 'right' | 'wrong' | 'other'; readonly decision: 'approved' | 'rejected' }
  | { readonly do: 'drift' | 'restart' | 'undo' | 'say' | 'abandon' | 'fault' }
  | { readonly do: 'turn'; readonly ms: number };

const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('propose' as const), to: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      plan: fc.nat(6),
      hash: fc.constantFrom('right' as const, 'right' as const, 'right' as const, 'wrong' as const, 'other' as const),
      decision: fc.constantFrom('approved' as const, 'approved' as const, 'approved' as const, 'rejected' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('drift' as const, 'restart' as const, 'undo' as const, 'say' as const, 'abandon' as const, 'fault' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const), ms: fc.constantFrom(1, 11_000, 140_000, 31 * 60_000) }) },
);

test('whatever happens in whatever order: nothing is written without a recorded yes to exactly that hash, and nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 6, maxLength: 24 }), fc.infiniteStream(fc.boolean()), async (orders, coins) => {
      let now = roadBench();
      const coin = () => coins.next().value === true;
      const pending: Promise<unknown>[] = [];
      for (const o of orders) {
        const plans = await now.store.plans();
        switch (o.do) {
          case 'propose':
            pending.push(now.propose(draftOf([changeImage(`shop/api:1.${o.to}`)], { remedy: `remedy-${o.to % 2}` }), true));
            break;
          case 'decide': {
            const plan = plans[o.plan % Math.max(1, plans.length)];
            const other = plans[(o.plan + 1) % Math.max(1, plans.length)];
            if (plan === undefined || other === undefined) break;
            const hash = o.hash === 'right' ? plan.hash : o.hash === 'other' ? other.hash : 'f'.repeat(64);
            pending.push(now.road.decide({ id: plan.id, hash, decision: o.decision, by: 'ana' }));
            break;
          }
          case 'drift':
            now.cluster.edit(checkout, (object) => void ((object['spec'] as { replicas: number }).replicas += 1));
            break;
          case 'restart':
            now = await restart(now);
            break;
          case 'undo':
            for (const plan of plans) if (plan.state === 'done') pending.push(now.road.undo(plan.id));
            break;
          case 'say':
            now.say(coin() ? { holds: true } : { hopeless: true });
            break;
          case 'abandon':
            pending.push(now.road.abandonFor('incident-1', 'it is over'));
            break;
          case 'fault':
            now.cluster.onWrite = (_, nth) => (nth % 2 === 0 ? 'lostAfter' : nth % 3 === 0 ? 'lostBefore' : undefined);
            break;
          case 'turn':
            await now.clock.turn(o.ms);
            break;
        }
        // Sometimes the next order comes while this one is still at work.
        if (coin()) await quiet();
      }
      await now.clock.turn(200_000);
      void Promise.allSettled(pending);

      const events = (await now.store.events(0, 10_000)).map((e) => e.event);
      const hashes = new Map(events.flatMap((e) => (e.type === 'plan.proposed' ? [[e.plan.id, e.plan.hash] as const] : [])));
      const started = events.flatMap((e, i) => (e.type === 'action.started' ? [{ ...e, i }] : []));
      for (const { plan, i } of started) {
        const yes = events.slice(0, i).filter((e) => e.type === 'approval.resolved' && e.plan === plan);
        expect(yes).toMatchObject([{ decision: 'approved', hash: hashes.get(plan) }]);
      }
      expect(new Set(started.map((s) => s.key)).size).toBe(started.length);
      expect(now.cluster.writes.length).toBeLessThanOrEqual(started.length);
    }),
    { numRuns: 250 },
  );
}, 60_000);
