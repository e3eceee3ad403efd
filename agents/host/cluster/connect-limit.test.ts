import fc from 'fast-check';
import { setImmediate as tick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ConnectLimit } from './connect-limit.ts';

interface Begun {
  readonly cluster: string;
  readonly signal: AbortSignal;
  succeed(): Promise<void>;
  fail(): Promise<void>;
}

/** Attempts that last until the test ends them, in the order in which they began. */
function bench(limits: ConstructorParameters<typeof ConnectLimit>[0]) {
  const limit = new ConnectLimit(limits);
  const begun: Begun[] = [];
  const outcomes: string[] = [];
  const ask = (cluster: string): void => {
    void limit
      .run(
        cluster,
        (signal) =>
          new Promise<void>((resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('yielded')));
            const end = async (how: () => void) => {
              how();
              for (let i = 0; i < 4; i++) await tick();
            };
            begun.push({ cluster, signal, succeed: () => end(resolve), fail: () => end(() => reject(new Error('dead'))) });
          }),
      )
      .then(
        () => outcomes.push(`${cluster} ok`),
        () => outcomes.push(`${cluster} failed`),
      );
  };
  return { limit, begun, outcomes, ask };
}

test('no more than the limit try at once, and clusters take turns', async () => {
  const { limit, begun, ask } = bench({ most: 3 });
  for (const cluster of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) ask(cluster);
  await tick();
  expect(begun.map((b) => b.cluster)).toEqual(['a', 'a', 'a']);
  expect(limit.counts).toEqual({ trying: 3, peak: 3, waiting: 4 });
  for (let i = 0; i < 4; i++) await begun[i]?.succeed();
  expect(begun.map((b) => b.cluster).slice(3)).toEqual(['a', 'b', 'c', 'b']);
  expect(limit.counts.peak).toBe(3);
});

test('one cluster takes at most four places', async () => {
  const { begun, ask } = bench({ most: 50 });
  for (let i = 0; i < 12; i++) ask('a');
  await tick();
  expect(begun).toHaveLength(4);
  await begun[0]?.succeed();
  expect(begun).toHaveLength(5);
});

test('clusters that failed last time wait behind the others, one attempt each, and never take all places', async () => {
  const { begun, ask } = bench({ most: 5 });
  for (const cluster of ['d1', 'd2', 'd3', 'd4', 'd5', 'd6']) ask(cluster);
  await tick();
  for (let i = 0; i < 6; i++) await begun[i]?.fail();
  for (const cluster of ['d1', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6']) ask(cluster);
  await tick();
  expect(begun.slice(6).map((b) => b.cluster)).toEqual(['d1', 'd2', 'd3', 'd4']);
  ask('new');
  await tick();
  expect(begun.at(-1)?.cluster).toBe('new');
  ask('new2');
  await begun[6]?.fail();
  expect(begun.at(-1)?.cluster).toBe('new2');
});

test('what waits of a cluster that failed waits with the failed, and comes forward again when one attempt succeeds', async () => {
  const { begun, ask } = bench({ most: 2 });
  for (const cluster of ['x', 'y', 'x', 'x', 'z']) ask(cluster);
  await tick();
  await begun[0]?.fail();
  expect(begun.map((b) => b.cluster)).toEqual(['x', 'y', 'z']);
  ask('w');
  await begun[1]?.succeed();
  expect(begun.map((b) => b.cluster)).toEqual(['x', 'y', 'z', 'w']);
  await begun[2]?.succeed();
  expect(begun.map((b) => b.cluster).slice(4)).toEqual(['x']);
  await begun[4]?.succeed();
  expect(begun.map((b) => b.cluster).slice(5)).toEqual(['x']);
});

test('a silent first attempt gives its place up while new ones wait, and is tried to its end later', async () => {
  const { begun, outcomes, ask } = bench({ most: 2, yieldMs: 30 });
  for (const cluster of ['silent', 'slow', 'live']) ask(cluster);
  await tick();
  await expect.poll(() => begun.map((b) => b.cluster)).toEqual(['silent', 'slow', 'live', 'silent']);
  expect(begun.map((b) => b.signal.aborted)).toEqual([true, true, false, false]);
  await begun[2]?.succeed();
  expect(begun.at(-1)?.cluster).toBe('slow');
  // Both have their turn for good now, whoever waits.
  ask('other');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(begun.slice(3).map((b) => b.signal.aborted)).toEqual([false, false]);
  await begun[3]?.fail();
  await begun[4]?.succeed();
  expect(outcomes).toEqual(['live ok', 'silent failed', 'slow ok']);
});

test('without anybody waiting, nothing gives its place up', async () => {
  const { begun, ask } = bench({ most: 2, yieldMs: 1 });
  ask('a');
  ask('b');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begun.map((b) => b.signal.aborted)).toEqual([false, false]);
});

test('whatever comes in whatever order, the limit holds and every attempt ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.record({ cluster: fc.integer({ min: 0, max: 7 }), fails: fc.boolean() }), { maxLength: 60 }),
      async (most, asked) => {
        const limit = new ConnectLimit({ most });
        let trying = 0;
        const ended = await Promise.allSettled(
          asked.map(({ cluster, fails }) =>
            limit.run(String(cluster), async () => {
              expect(++trying).toBeLessThanOrEqual(most);
              await tick();
              trying--;
              if (fails) throw new Error('dead');
            }),
          ),
        );
        expect(ended.map((e) => e.status === 'rejected')).toEqual(asked.map((a) => a.fails));
        expect(limit.counts).toMatchObject({ trying: 0, waiting: 0 });
      },
    ),
    { numRuns: 60 },
  );
});
