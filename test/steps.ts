import { spawn } from 'node:child_process';
import { join } from 'node:path';
import './compile-cache.ts';

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

/** Test files that failed and passed when they ran again, alone: shown at the end, for each is a bug that is yet to be found. */
const unsteady: string[] = [];
const failures: string[] = [];

/** Of a closing line, in letters. */
const MOST_SAID = 600;

// Colours begin with the escape character, which a pattern may not name.
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** vitest's own closing line: ` Tests  3 failed | 120 passed | 2 skipped (125)`. */
function count(output: string): Totals {
  const line = output.split('\n').findLast((l) => /^\s*Tests\s/.test(l) || /^\d+ passed, \d+ failed/.test(l)) ?? '';
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: number('passed'), failed: number('failed'), skipped: number('skipped') };
}

/** The lines in which vitest names what failed: ` FAIL  |ui| test/ui/page.test.ts > the page > opens`. */
const failedName = (line: string): string | undefined => /^\s*FAIL\s+(\|\w+\| .*)$/.exec(line)?.[1]?.trim();

/** What stands over an error that no test had. */
const stray = (line: string): boolean => /^⎯+ (?:Unhandled (?:Error|Rejection)|Uncaught Exception) ⎯+$/.test(line);

/**
 * What failed and what it said, each in one line: the name, and the message below it up to its first empty line, which has the seed of a
 * property as well. Tests that said the same stand above one message. Of what failed outside of any test, a process that ended or never
 * began among it, the name is the file, where it is known.
 */
export function failedTests(output: string): string[] {
  const lines = output.split('\n');
  const failed = lines.flatMap((line, i) => {
    const below = lines.slice(i + 1);
    if (stray(line)) {
      const said = below.slice(
        0,
        below.findIndex((l) => stray(l) || /^⎯+$/.test(l)),
      );
      const file = said.flatMap((l) => TEST_FILE.exec(l.replaceAll(`${root}/`, ''))?.[0] ?? [])[0];
      return [
        inOneLine(`|outside of any test|${file === undefined ? '' : ` ${file}`}`, [
          ...message(said),
          ...said.filter((l) => l.startsWith('Caused by')),
        ]),
      ];
    }
    const name = failedName(line);
    if (name === undefined) return [];
    return [inOneLine(name, message(below.slice(below.findIndex((l) => failedName(l) === undefined))))];
  });
  return [...new Set(failed)];
}

const TEST_FILE = /[\w./-]+\.test\.ts/;

/** Up to an empty line or a place in the code. */
function message(said: readonly string[]): readonly string[] {
  const end = said.findIndex((l) => l.trim() === '' || /^\s*❯/.test(l));
  return said.slice(0, end < 0 ? said.length : end);
}

const inOneLine = (name: string, said: readonly string[]): string =>
  [name, said.map((l) => l.trim()).join(' ')]
    .filter((part) => part !== '')
    .join(': ')
    .slice(0, MOST_SAID);

function ran(command: readonly string[], shown: boolean): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const [script = '', ...args] = command;
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (shown) process.stdout.write(chunk);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => done({ code: code ?? 1, output: output.replaceAll(COLOURS, '') }));
  });
}

/**
 * Files with failures run once more, alone: what fails again is broken, what passes is unsteady. An unsteady test does not stop the
 * gate, for it says nothing about the change at hand, but it is named in the closing lines with what it said.
 */
async function secondLook(step: Step, failed: readonly string[]): Promise<{ good: boolean; output: string }> {
  const files = [...new Set(failed.flatMap((line) => TEST_FILE.exec(line)?.[0] ?? []))];
  if (files.length === 0 || files.length > 3) return { good: false, output: '' };
  const again = await ran([...step.command, ...files], false);
  return { good: again.code === 0, output: again.output };
}

async function run(step: Step): Promise<boolean> {
  const begun = Date.now();
  const { code, output } = await ran(step.command, step.totals === true);
  const tests = step.counts === true || step.totals === true ? count(output) : undefined;
  const failed = step.counts === true && code !== 0 ? failedTests(output) : [];
  const again = failed.length > 0 ? await secondLook(step, failed) : undefined;
  const good = code === 0 || again?.good === true;
  if (tests !== undefined && again?.good === true) {
    tests.passed += tests.failed;
    tests.failed = 0;
    unsteady.push(...failed);
  } else if (code !== 0) failures.push(...(failed.length > 0 ? failed : [step.name]));
  // A gate within the gate has named its own already.
  for (const [, word, name = ''] of step.totals === true ? output.matchAll(/^(UNSTEADY|FAILED) +(\|.*)$/gm) : [])
    (word === 'FAILED' ? failures : unsteady).push(name);

  if (tests !== undefined) for (const key of ['passed', 'failed', 'skipped'] as const) totals[key] += tests[key];
  else totals[good ? 'passed' : 'failed']++;
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  process.stdout.write(
    `${good ? 'ok    ' : 'FAILED'} ${step.name.padEnd(12)} ${seconds.padStart(6)} s${tests === undefined ? '' : `   ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`}\n`,
  );
  const skips = output.split('\n').filter((l) => l.startsWith('SKIPPED'));
  for (const line of new Set(skips)) process.stdout.write(`       ${line}\n`);
  if (code !== 0) {
    if (tests !== undefined && !good && tests.failed === 0) totals.failed++;
    if (step.totals !== true)
      process.stdout.write(`${output.trimEnd()}\n${again?.good === false ? `when run again:\n${again.output.trimEnd()}\n` : ''}`);
  }
  return good;
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

/** What failed, and what failed once, with what it said: the last lines but one, so that they are seen where only the end is. */
export function closing(): string {
  const lines = (word: string, names: readonly string[]) => names.map((name) => `${word} ${name}\n`).join('');
  return lines('UNSTEADY', unsteady) + lines('FAILED  ', failures);
}
