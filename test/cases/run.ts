import { parseArgs } from 'node:util';
import { RIGHTS } from './accounts.ts';
import { loadCases } from './play.ts';
import { type Script, scriptOf } from './script.ts';
import { AT_ONCE, openStage, playAll } from './stage.ts';
import { byFamily, figures, table } from './table.ts';
import { chooseVariants, isRepaired, variantAgain } from './variants/choose.ts';

const HELP = `Plays the cases, or variants of them, on the test cluster and prints a table.

usage: npm run cases -- [options]
  --only 7,34,09-secret-rotated   families, or folders of test/cases
  --no-repair                     find only
  --as view|no-logs               with a smaller account
  --variants N [--seed S]         so many variants, of this seed
  --variant ID                    one variant again, as a failure names it
  --context NAME                  a context of the cluster's kubeconfig
  --at-once N                     so many beside each other (${AT_ONCE})
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    only: { type: 'string' },
    repair: { type: 'boolean', default: true },
    context: { type: 'string' },
    as: { type: 'string', default: 'all' },
    variants: { type: 'string' },
    seed: { type: 'string' },
    variant: { type: 'string', multiple: true },
    'at-once': { type: 'string', default: String(AT_ONCE) },
  },
  allowNegative: true,
});

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}

if (values.help === true) {
  process.stdout.write(HELP);
  process.exit(0);
}

const rights = RIGHTS.find((r) => r === values.as) ?? refuse(`--as takes ${RIGHTS.join(', ')}.`);
const only = values.only?.split(',').map((w) => w.trim());
const cases = (await loadCases()).filter((c) => only === undefined || only.some((w) => w === c.id || Number(w) === c.family));
if (cases.length === 0) refuse(`No case is called ${values.only ?? ''}: give families (7,34) or folder names of test/cases.`);
const listed = cases.map(scriptOf);

const seed = values.seed === undefined ? Date.now() % 36 ** 5 : Number.parseInt(values.seed, 36);
const varied = values.variants !== undefined || values.variant !== undefined;
const again = (id: string): Script =>
  variantAgain(listed, id) ?? refuse(`There is no variant ${id}: an id is that of a case, ~ and a seed.`);
const scripts = values.variant?.map(again) ?? (varied ? chooseVariants(listed, Number(values.variants), seed) : listed);
const repaired = new Set(scripts.filter((script, n) => values.variant !== undefined || isRepaired(script, n)));

const begun = Date.now();
if (varied && values.variant === undefined) process.stderr.write(`seed ${seed.toString(36)}\n`);
const stage = await openStage({ repair: values.repair, context: values.context, rights });
const rows = await playAll(
  scripts,
  stage,
  Math.max(1, Number(values['at-once'])),
  (p) => {
    const replay = varied && p.failures.length > 0 ? `\n       again: npm run cases -- --variant ${p.id}` : '';
    const what = p.says === undefined ? p.id : `${p.id} (${p.says})`;
    process.stderr.write(
      `${p.failures.length === 0 ? 'ok    ' : 'FAILED'} ${what}${p.failures.map((f) => `\n       ${f}`).join('')}${replay}\n`,
    );
  },
  (script) => !varied || repaired.has(script),
);
await stage.close();
const failed = rows.filter((r) => r.failures.length > 0).length;
const closing = varied ? `${byFamily(rows)}\n\nseed ${seed.toString(36)}: ` : rights === 'all' ? `${figures(rows)}\n\n` : '';
process.stdout.write(
  `${table(rows)}\n\n${closing}${rows.length - failed} of ${rows.length} ${varied ? 'variants' : 'cases'} as expected, ${((Date.now() - begun) / 1000).toFixed(0)} s\n`,
);
process.exit(failed > 0 ? 1 : 0);
