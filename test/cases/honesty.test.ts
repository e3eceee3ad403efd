import { expect, test } from 'vitest';
import { isControl } from './case.ts';
import { loadCases } from './play.ts';
import { scriptOf } from './script.ts';
import { openStage, playAll } from './stage.ts';
import { Dice } from './variants/dice.ts';

/** The cases again with an account that may read less: the right cause, or less sureness and what is missing. A tenth of them in `npm test`. */

const seed = Date.now() % 36 ** 5;
const AT_ONCE = 6;
const faults = (await loadCases()).filter((c) => !isControl(c) && c.alone !== true);
const played =
  process.env['QUARTERDECK_COUNTS'] === 'full' ? faults : new Dice(seed).shuffled(faults).slice(0, Math.ceil(faults.length / 10));

test.each(['view', 'no-logs'] as const)(
  'as %s',
  async (rights) => {
    const stage = await openStage({ repair: false, rights });
    const rows = await playAll(played.map(scriptOf), stage, AT_ONCE, () => undefined);
    await stage.close();
    expect(rows.flatMap((r) => r.failures.map((f) => `${r.id}: ${f}`))).toEqual([]);
  },
  1_800_000,
);
