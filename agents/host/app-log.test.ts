import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFile, eachOf, logLine, stderrLog } from './app-log.ts';

const AT = Date.UTC(2026, 10, 29, 9);
const clock = { now: () => AT };
let dir: string;
let complaints: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'quarterdeck-log-'));
  complaints = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (mostBytes?: number) => new LogFile(dir, clock, (_, message) => complaints.push(message), mostBytes);
const lines = (name = 'quarterdeck.jsonl') =>
  readFileSync(join(dir, 'logs', name), 'utf8')
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l) as Record<string, unknown>);

test('one JSON object a line, after a restart behind those that are there, for this user only', () => {
  open().log('info', 'it has begun');
  open().log('debug', 'answered', { method: 'GET', status: 200, ms: 3.2, caller: null });
  expect(lines()).toEqual([
    { at: '2026-11-29T09:00:00.000Z', level: 'info', message: 'it has begun' },
    { at: '2026-11-29T09:00:00.000Z', level: 'debug', message: 'answered', method: 'GET', status: 200, ms: 3.2, caller: null },
  ]);
  expect(statSync(join(dir, 'logs')).mode & 0o777).toBe(0o700);
  expect(statSync(join(dir, 'logs', 'quarterdeck.jsonl')).mode & 0o777).toBe(0o600);
});

test('what looks like a credential is masked, in the message and in facts; facts cannot forge time or level', () => {
  const file = open();
  file.log('error', 'login failed: password=hunter2hunter2\nTraceback', {
    path: '/x?token=abcdef1234567890',
    level: 'info',
    at: 'yesterday',
    message: 'all is well',
  });
  expect(lines()).toEqual([
    { at: '2026-11-29T09:00:00.000Z', level: 'error', message: 'login failed: password=[masked]\nTraceback', path: '/x?token=[masked]' },
  ]);
});

test('whatever is logged is one line, can be read again, and is not longer than it may be', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(100), (text, times) => {
      const line = logLine('t', 'info', text.repeat(times), { fact: text });
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThan(80_000);
      expect(JSON.parse(line)).toMatchObject({ at: 't', level: 'info' });
    }),
  );
});

test('a file that is full is put aside; so many are kept, the oldest is gone', () => {
  const file = open(300);
  for (let n = 0; n < 40; n++) file.log('info', `message ${n}`);
  const names = readdirSync(join(dir, 'logs')).sort();
  expect(names).toEqual(['quarterdeck.1.jsonl', 'quarterdeck.2.jsonl', 'quarterdeck.3.jsonl', 'quarterdeck.4.jsonl', 'quarterdeck.jsonl']);
  const all = names
    .toSorted()
    .reverse()
    .flatMap((name) => (name === 'quarterdeck.jsonl' ? [] : lines(name)))
    .concat(lines());
  expect(all.map((l) => l['message'])).toEqual(Array.from({ length: all.length }, (_, i) => `message ${40 - all.length + i}`));
  for (const name of names) expect(statSync(join(dir, 'logs', name)).size).toBeLessThanOrEqual(300);
});

test('where it cannot be written the app goes on, and it is said once', () => {
  writeFileSync(join(dir, 'logs'), '');
  const file = open();
  file.log('info', 'a');
  file.log('info', 'b');
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain('nothing more is written to');
});

test('a disk that is full in the middle ends the file, not the app', () => {
  const file = open(200);
  file.log('info', 'a');
  rmSync(join(dir, 'logs'), { recursive: true });
  mkdirSync(join(dir, 'elsewhere'));
  chmodSync(dir, 0o700);
  for (let n = 0; n < 20; n++) file.log('info', `message ${n}`);
  expect(complaints).toHaveLength(1);
});

test('at a terminal words, one line each, that cannot move the cursor; as JSON what the file has, from info on', () => {
  const said: string[] = [];
  const words = stderrLog(false, 'text', clock.now, (t) => said.push(t));
  words('debug', 'answered');
  words('warn', 'pod "a\u001b[2J\nerror: forged" token=abcdef1234567890');
  stderrLog(true, 'text', clock.now, (t) => said.push(t))('warn', 'quiet');
  const json = stderrLog(false, 'json', clock.now, (t) => said.push(t));
  eachOf(json, () => undefined)('info', 'it has begun', { contexts: 3 });
  expect(said).toEqual([
    'warn: pod "a\\x1b[2J\\x0aerror: forged" token=[masked]\n',
    '{"contexts":3,"at":"2026-11-29T09:00:00.000Z","level":"info","message":"it has begun"}\n',
  ]);
});
