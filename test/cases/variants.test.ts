import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCases } from './play.ts';
import type { Played } from './played.ts';
import { scriptOf } from './script.ts';
import { openStage, playAll } from './stage.ts';
import { byFamily, share } from './table.ts';
import { chooseVariants, isRepaired } from './variants/choose.ts';

/** Variants of the cases, others in each run: a tenth of them in `npm test`, all in `npm run soak`. */

const COUNT = process.env['QUARTERDECK_COUNTS'] === 'full' ? 210 : 21;
/** Of a hundred, the cause is right in so many. */
const GOAL = 98;
const AT_ONCE = 6;
const seed = Date.now() % 36 ** 5;

const variants = chooseVariants((await loadCases()).map(scriptOf), COUNT, seed);
let rows: readonly Played[] = [];
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  const stage = await openStage({ repair: true });
  close = () => stage.close();
  const repaired = new Set(variants.filter((script, n) => isRepaired(script, n)));
  rows = await playAll(
    variants,
    stage,
    AT_ONCE,
    () => undefined,
    (script) => repaired.has(script),
  );
  const failed = rows.filter((r) => r.failures.length > 0);
  const again = failed.flatMap((r) => [...r.failures.map((f) => `${r.id}: ${f}`), `  again: npm run cases -- --variant ${r.id}`]);
  process.stdout.write(`${[`seed ${seed.toString(36)}`, byFamily(rows), ...again].join('\n')}\n`);
}, 3_600_000);

afterAll(async () => {
  await close?.();
});

test(`the cause is right in ${GOAL} of a hundred variants`, () => {
  const right = rows.filter((r) => r.found === true).length;
  expect(
    right,
    share(rows, (r) => r.found ?? false),
  ).toBeGreaterThanOrEqual(Math.floor((rows.length * GOAL) / 100));
});

test('no repair of a variant touches a bystander', () => {
  expect(rows.filter((r) => r.bystanders === false).map((r) => r.id)).toEqual([]);
});
