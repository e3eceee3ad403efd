import { existsSync } from 'node:fs';
import { clusterStatus, down, up } from './cluster/cluster.ts';
import { type Step, closing, runSteps, totals } from './steps.ts';

/**
 * `npm test`: everything that can run on this machine, and a loud word about what cannot. With CI=true only the Electron binary may be
 * missing. `--full` (npm run soak) runs the heavy counts in full. The closing line is the totals.
 */

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ci = process.env['CI'] === 'true';
process.env['QUARTERDECK_COUNTS'] = process.argv.includes('--full') ? 'full' : 'tenth';

const vitest = (name: string, ...projects: string[]): Step => ({
  name,
  command: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...projects.flatMap((p) => ['--project', p])],
  counts: true,
});

let skips = 0;
function missing(what: string, why: string): false {
  process.stdout.write(`SKIPPED ${what}: ${why}\n`);
  if (ci) totals.failed++;
  else skips++;
  return false;
}

const isRoot = process.getuid?.() === 0;
const hasCluster =
  (process.platform === 'linux' && isRoot) ||
  missing('the real cluster and its cases', process.platform === 'linux' ? 'it needs root' : 'it needs Linux');
const hasBrowser = CHROMIUM.some(existsSync) || missing('the page in a real browser', 'no Chromium was found');

const begun = Date.now();
let good = await runSteps([{ name: 'check', command: ['test/check.ts'], totals: true }], 1);
good = (await runSteps([vitest('slow', 'slow')], 1)) && good;
// The page is tested on a real cluster too, so that is there first.
const ours = hasCluster && !(await clusterStatus()).ready;
try {
  if (hasCluster) await up();
  if (hasBrowser) good = (await runSteps([vitest('ui', 'ui'), vitest('electron', 'electron')], 1)) && good;
  if (hasCluster) good = (await runSteps([vitest('cases', 'cases'), vitest('cluster', 'cluster')], 1)) && good;
} catch (error) {
  process.stdout.write(`FAILED the real cluster: ${error instanceof Error ? error.message : String(error)}\n`);
  totals.failed++;
  good = false;
} finally {
  if (ours) await down();
}
totals.skipped += skips;
process.stdout.write(
  `${closing()}finished after ${((Date.now() - begun) / 60_000).toFixed(1)} min\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`,
);
process.exitCode = good && totals.failed === 0 ? 0 : 1;
