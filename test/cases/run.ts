import { parseArgs } from 'node:util';
import { loadCases } from './play.ts';
import { AT_ONCE, openStage, playAll } from './stage.ts';
import { table } from './table.ts';

/** `npm run cases -- [--only 7,34] [--no-repair] [--context NAME] [--at-once N]`: plays the cases on the test cluster and prints a table. */

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repair: { type: 'boolean', default: true },
    context: { type: 'string' },
    'at-once': { type: 'string', default: String(AT_ONCE) },
  },
  allowNegative: true,
});
const only = values.only?.split(',').map((w) => w.trim());
const cases = (await loadCases()).filter((c) => only === undefined || only.some((w) => w === c.id || Number(w) === c.family));
if (cases.length === 0) {
  process.stderr.write(`No case is called ${values.only ?? ''}: give families (7,34) or folder names of test/cases.\n`);
  process.exit(2);
}
const begun = Date.now();
const stage = await openStage({ repair: values.repair, context: values.context });
const rows = await playAll(cases, stage, Math.max(1, Number(values['at-once'])), (p) => {
  process.stderr.write(`${p.failures.length === 0 ? 'ok    ' : 'FAILED'} ${p.id}${p.failures.map((f) => `\n       ${f}`).join('')}\n`);
});
await stage.close();
const failed = rows.filter((r) => r.failures.length > 0).length;
process.stdout.write(
  `${table(rows)}\n\n${rows.length - failed} of ${rows.length} cases as expected, ${((Date.now() - begun) / 1000).toFixed(0)} s\n`,
);
process.exit(failed > 0 ? 1 : 0);
