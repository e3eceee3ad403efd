import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { TurnedClock } from '../doubles/turned-clock.ts';
import { RateLimit } from './rate-limit.ts';
import { TokenBook } from './tokens.ts';

const folders: string[] = [];
const book = () => {
  const dir = mkdtempSync(join(tmpdir(), 'qd-tokens-'));
  folders.push(dir);
  const clock = new TurnedClock();
  return { tokens: new TokenBook(dir, clock), clock };
};
afterAll(() => folders.forEach((dir) => rmSync(dir, { recursive: true, force: true })));
const ask = (name: string, expires: string | null = null) => ({ name, scope: 'decide' as const, expires, createdBy: 'kim' });

test('a token is known by its value, which is kept nowhere, until it is taken away', () => {
  const { tokens } = book();
  const made = tokens.create(ask('grafana'));
  if (!made.ok) throw new Error(made.failure.message);
  const { value } = made.value;
  expect(value).toMatch(/^qd_[A-Za-z0-9_-]{43}$/);
  expect(tokens.find(value)).toEqual({ name: 'grafana', scope: 'decide' });
  expect(tokens.find(`${value}x`)).toBeUndefined();
  expect(readFileSync(tokens.path, 'utf8')).not.toContain(value.slice(3));
  expect(statSync(tokens.path).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(tokens.list())).not.toContain('sha256');
  expect(tokens.create(ask('grafana'))).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect(tokens.revoke('grafana')).toMatchObject({ ok: true });
  expect(tokens.find(value)).toBeUndefined();
  expect(tokens.revoke('grafana')).toMatchObject({ ok: false, failure: { code: 'not-found' } });
});

test('one that is over is worthless; an end that is over is refused', async () => {
  const { tokens, clock } = book();
  const made = tokens.create(ask('short', new Date(clock.now() + 60_000).toISOString()));
  if (!made.ok) throw new Error(made.failure.message);
  expect(tokens.find(made.value.value)?.name).toBe('short');
  await clock.turn(60_000);
  expect(tokens.find(made.value.value)).toBeUndefined();
  expect(tokens.create(ask('past', new Date(clock.now()).toISOString()))).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
});

test('a file that makes no sense lets nobody in and is not written over', () => {
  const { tokens } = book();
  for (const text of ['', '{}', '{"tokens":[{"name":"a","scope":"god"}]}']) {
    writeFileSync(tokens.path, text);
    expect(tokens.find('qd_x')).toBeUndefined();
    expect(tokens.create(ask('a'))).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
    expect(readFileSync(tokens.path, 'utf8')).toBe(text);
  }
});

test('so many at once, then so many a second; a clock set back gives nothing; one caller does not spend what is another’s', async () => {
  const clock = new TurnedClock();
  const limit = new RateLimit(clock, { perSecond: 2, burst: 3 });
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1]);
  expect(limit.take('b')).toBe(0);
  await clock.turn(500);
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 1]);
  const slow = new RateLimit(clock, { perSecond: 0.1, burst: 1 });
  expect([slow.take('x'), slow.take('x')]).toEqual([0, 10]);
});
