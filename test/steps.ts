import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Runs the steps of a gate and says how long each took and what its tests counted. */

const root = join(import.meta.dirname, '..');

export interface Step {
  readonly name: string;
  /** A script of Node and its arguments. */
  readonly command: readonly string[];
  /** A vitest run whose totals are read. */
  readonly counts?: boolean;
  /** A gate of its own, whose closing totals are read and whose lines are shown as they come. */
  readonly totals?: boolean;
}

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

export const totals: Totals = { passed: 0, failed: 0, skipped: 0 };

/** vitest's own closing line: ` Tests  3 failed | 120 passed | 2 skipped (125)`. */
function count(output: string): Totals {
  // Colours begin with the escape character, which a pattern may not name.
  const plain = output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
  const line = plain.split('\n').findLast((l) => /^\s*Tests\s/.test(l) || /^\d+ passed, \d+ failed/.test(l)) ?? '';
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: number('passed'), failed: number('failed'), skipped: number('skipped') };
}

function run(step: Step): Promise<boolean> {
  const begun = Date.now();
  return new Promise((done) => {
    const [script = '', ...args] = step.command;
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (step.totals === true) process.stdout.write(chunk);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => {
      const seconds = ((Date.now() - begun) / 1000).toFixed(1);
      const tests = step.counts === true || step.totals === true ? count(output) : undefined;
      if (tests !== undefined) for (const key of ['passed', 'failed', 'skipped'] as const) totals[key] += tests[key];
      else totals[code === 0 ? 'passed' : 'failed']++;
      process.stdout.write(
        `${code === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(12)} ${seconds.padStart(6)} s${tests === undefined ? '' : `   ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`}\n`,
      );
      const skips = output.split('\n').filter((l) => l.startsWith('SKIPPED'));
      for (const line of new Set(skips)) process.stdout.write(`       ${line}\n`);
      if (code !== 0) {
        if (tests !== undefined && tests.failed === 0) totals.failed++;
        if (step.totals !== true) process.stdout.write(`${output.trimEnd()}\n`);
      }
      done(code === 0);
    });
  });
}

/** All steps run, also after one has failed; `atOnce` of them side by side. */
export async function runSteps(steps: readonly Step[], atOnce: number): Promise<boolean> {
  const begun = Date.now();
  const queue = [...steps];
  let good = true;
  const worker = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) good = (await run(step)) && good;
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  process.stdout.write(`${good ? 'all good' : 'NOT good'} after ${((Date.now() - begun) / 1000).toFixed(0)} s\n`);
  return good;
}
