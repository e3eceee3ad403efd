import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEMPEST } from './fleet.ts';

/** `quarterdeck logs`, `metrics` and `maintenance` as people type them, at an app that runs over the demo fleet. */

const BIN = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'quarterdeck.mjs');
let dir: string;
let app: ChildProcess;
const begin = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [BIN, ...args, '--demo', '--data-dir', dir], {
    env: { ...process.env, HOME: dir, KUBECONFIG: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'quarterdeck-verbs-'));
  app = begin('serve', '--port', '0');
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Quarterdeck is at')) resolve();
    };
    app.stdout?.on('data', hear);
    app.stderr?.on('data', hear);
    app.once('close', () => reject(new Error(said)));
  });
  await ended('diagnose', '--context', TEMPEST);
}, 120_000);
afterAll(async () => {
  const gone = new Promise((resolve) => app.once('close', resolve));
  app.kill('SIGTERM');
  await gone;
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
function ended(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = begin(...args);
    let [out, err] = ['', ''];
    child.stdout?.on('data', (chunk) => (out += String(chunk)));
    child.stderr?.on('data', (chunk) => (err += String(chunk)));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
const here = (...args: string[]): Promise<Ended> => ended(...args, '--context', TEMPEST);
async function json(...args: string[]): Promise<unknown> {
  const { code, out, err } = await here(...args, '-o', 'json');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out);
}
const text = expect.any(String) as string;
const number = expect.any(Number) as number;

test('lines of a workload, named as kubectl names it; with -o json each is an object', async () => {
  const [plain, objects] = await Promise.all([
    here('logs', 'deploy/mail', '-n', 'office', '--tail', '1'),
    here('logs', 'deploy/mail', '-n', 'office', '--tail', '1', '-o', 'json'),
  ]);
  expect([plain.code, plain.out]).toEqual([0, expect.stringMatching(/^listening on :\d+\n$/)]);
  const [line] = objects.out.trim().split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({
    context: TEMPEST,
    namespace: 'office',
    pod: text,
    container: 'mail',
    at: text,
    line: text,
  });
});

test('what was learned of logs: patterns, into a file too, who is followed, and the choice of whom', async () => {
  type Patterns = { readonly patterns: readonly { readonly workload: string }[] };
  const patterns = () => json('logs', 'patterns') as Promise<Patterns>;
  await expect.poll(async () => (await patterns()).patterns.length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect((await patterns()).patterns[0]).toMatchObject({ id: text, namespace: text, text, level: 'other', count: number, news: null });
  const file = join(dir, 'patterns.csv');
  expect(await here('logs', 'patterns', '--export', file)).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(file, 'utf8').split('\n')[0]).toContain('pattern');
  const chosen = await json('logs', 'watch', 'deploy/mail', '-n', 'office');
  expect(chosen).toEqual({ chosen: [{ namespace: 'office', workload: 'Deployment/mail' }] });
  const { workloads } = (await json('logs', 'watching')) as { workloads: readonly { workload: string; because: string }[] };
  expect(workloads.find((w) => w.workload === 'Deployment/mail')?.because).toBe('chosen');
  expect(await json('logs', 'unwatch', 'deploy/mail', '-n', 'office')).toEqual({ chosen: [] });
  expect(await json('logs', 'forget')).toMatchObject({ patterns: number });
});

test('metrics: each action has its shape', async () => {
  const [sources, signals, query, series, trends, sizing, traffic, pace, keep] = await Promise.all([
    json('metrics', 'sources'),
    json('metrics', 'signals'),
    json('metrics', 'query', 'count(workload_restarts_total) or vector(0)'),
    json('metrics', 'series', 'nothing_of_that_name'),
    json('metrics', 'trends'),
    json('metrics', 'sizing', '-n', 'shop'),
    json('metrics', 'traffic', 'Deployment/mail', '-n', 'office'),
    json('metrics', 'pace', '--every', '5'),
    json('metrics', 'keep', '--days', '3'),
  ]);
  expect(sources).toMatchObject({
    sources: expect.any(Array) as [],
    gaps: expect.any(Array) as [],
    live: number,
    stored: { series: number },
  });
  expect(signals).toMatchObject({ unusual: [], runningOut: [], watched: number, learning: number });
  expect(query).toMatchObject({ type: 'vector', series: [{ labels: {}, at: [number], values: [number] }], warnings: [] });
  expect(series).toMatchObject({ series: [], truncated: false });
  expect(trends).toMatchObject({ trends: [], because: text });
  expect(sizing).toMatchObject({ sizings: expect.any(Array) as [], because: text });
  expect(traffic).toMatchObject({ workload: 'Deployment/mail', measure: null });
  expect(pace).toMatchObject({ everySeconds: 5 });
  expect(keep).toMatchObject({ series: number, bytes: number });
});

test('maintenance: announced, listed, ended', async () => {
  const added = (await json('maintenance', 'add', '-n', 'shop', '--until', '2h', '--reason', 'new database')) as {
    id: string;
    from: string;
  };
  expect(added).toMatchObject({ context: TEMPEST, scope: { namespace: 'shop' }, reason: 'new database' });
  expect((await here('maintenance')).out).toMatch(/running +demo-tempest +namespace shop/);
  expect((await here('diagnose', '-n', 'shop', '--fail-on', 'low')).code).toBe(0);
  expect((await here('diagnose', '-n', 'shop')).out).toContain('in maintenance, announced by');
  expect((await json('maintenance', 'end', added.id)) as object).toMatchObject({ id: added.id });
  expect((await here('maintenance')).out).toBe('No maintenance is announced.\n');
  expect((await here('diagnose', '-n', 'shop', '--fail-on', 'low')).code).toBe(1);
});

test('bad input ends with 2 and a sentence', async () => {
  const wrong: readonly (readonly [said: string, ...args: string[]])[] = [
    ['the server has no kind "widget"', 'logs', 'widget/mail'],
    ['neither a span nor a time', 'logs', 'deploy/mail', '--since', 'yesterday'],
    ['--tail takes a number', 'logs', 'deploy/mail', '--tail', 'x'],
    ['--limit takes a whole number from 1 to 2000', 'logs', 'patterns', '--limit', 'x'],
    ['is no level', 'logs', 'patterns', '--level', 'loud'],
    ['There is no workload named', 'logs', 'watch'],
    ['the question ends', 'metrics', 'query', 'sum('],
    ['There is not a question', 'metrics', 'query'],
    ['metrics has no action nothing', 'metrics', 'nothing'],
    ['There is not a workload and its namespace', 'metrics', 'traffic'],
    ['There is no incident inc-none', 'metrics', 'rules', 'inc-none'],
    ['--every takes a number of seconds from 2 to 300', 'metrics', 'pace', '--every', '1'],
    ['--days takes a number above 0', 'metrics', 'keep', '--days', 'x'],
    ['is no time that comes again', 'maintenance', 'add', '--every', 'noon', '--reason', 'x'],
    ['names no object', 'maintenance', 'add', '--object', 'web', '--reason', 'x'],
    ['needs a reason', 'maintenance', 'add'],
    ['is over already', 'maintenance', 'add', '--until', '2020-01-01T00:00:00Z', '--reason', 'x'],
    ['There is no maintenance start', 'maintenance', 'start'],
  ];
  const ends = await Promise.all(wrong.map(([, ...args]) => here(...args)));
  expect(ends.map(({ code, out }) => [code, out])).toEqual(wrong.map(() => [2, '']));
  expect(ends.map(({ err }, i) => (err.includes(wrong[i]?.[0] ?? '') ? 'said' : err))).toEqual(wrong.map(() => 'said'));
  expect(ends.filter(({ err }) => /\bat .*\.ts:|✖/.test(err))).toEqual([]);
});
