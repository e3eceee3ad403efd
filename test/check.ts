import { closing, runSteps, totals } from './steps.ts';

/** Neither lint nor format looks beyond one file: one that reads as it did, under the same rules, is not looked at again. */
const oncePerText = (tool: string) => ['--cache', '--cache-strategy', 'content', '--cache-location', `.cache/${tool}`];

/** `npm run check`: the inner loop, under 90 seconds. Two steps at a time, slowest first. */
const ok = await runSteps(
  [
    { name: 'types', command: ['test/types.ts'] },
    {
      name: 'unit',
      command: [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        'test/vitest.config.ts',
        '--project',
        'unit',
        '--project',
        'architecture',
      ],
      counts: true,
    },
    {
      name: 'headless',
      command: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--project', 'headless'],
      counts: true,
    },
    {
      name: 'lint',
      command: [
        'node_modules/eslint/bin/eslint.js',
        '-c',
        'test/architecture/eslint.config.js',
        ...oncePerText('eslint'),
        'agents',
        'models',
        'electron',
        'renderer',
        'test',
      ],
    },
    {
      name: 'format',
      command: [
        'node_modules/prettier/bin/prettier.cjs',
        '--check',
        ...oncePerText('prettier'),
        '--log-level',
        'warn',
        'agents',
        'models',
        'electron',
        'renderer',
        'test',
      ],
    },
    {
      name: 'walls',
      command: [
        'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        'test/architecture/dependency-cruiser.cjs',
        'agents',
        'models',
        'electron',
        'renderer',
        'test',
      ],
    },
    { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  ],
  2,
);
process.stdout.write(`${closing()}${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = ok ? 0 : 1;
