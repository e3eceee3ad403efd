import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ATTACKS } from '../doubles/road-attacks.ts';
import { roadBench } from '../doubles/road-bench.ts';

/** Attempts to change something without a valid decision, over a cluster in memory. The number of tries is the size of the attack. */

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
  expect(await bench.approve(plan)).toMatchObject({ ok: true });
  await bench.clock.turn(0);
  const { sent } = bench.cluster;
  expect(sent).toBe(1);
  expect(await bench.approve(plan)).toMatchObject({ ok: false, failure: { code: 'plan-state' } });
  await bench.clock.turn(0);
  expect(bench.cluster.sent).toBe(sent);
});
