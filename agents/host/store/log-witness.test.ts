import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostEvent } from '../../contract/index.ts';
import { MemoryKeychain } from '../doubles/memory-keychain.ts';
import { fileKeychain } from '../secrets/secret-files.ts';
import { openStore } from './store.ts';

const clock = { now: () => Date.UTC(2026, 10, 29, 9) };
let count = 0;
/** No two entries are the same. */
const next = (): HostEvent => ({ type: 'cluster.disconnected', context: `context-${++count}` });

let [dir, before]: string[] = [];
let keychain: MemoryKeychain;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'quarterdeck-witness-'));
  before = mkdtempSync(join(tmpdir(), 'quarterdeck-witness-'));
  keychain = new MemoryKeychain();
});
afterEach(() => {
  for (const folder of [dir, before]) rmSync(folder ?? '', { recursive: true, force: true });
});

/** A day of the app: it opens the log, writes so many entries, and ends. Returns what it warned of and what an audit says. */
async function day(entries: number, with_: { readonly keychain?: MemoryKeychain } = { keychain }) {
  const warnings: string[] = [];
  const opened = await openStore({ dataDir: dir ?? '', clock, log: (level, said) => level === 'warn' && warnings.push(said), ...with_ });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  for (let n = 0; n < entries; n++) await store.append([next()]);
  const { log } = await store.audit();
  await store.close();
  return { warnings, intact: log.intact, entries: log.entries, problem: log.problem?.message };
}

test('the whole data directory of an earlier day, keys and marks and all, is told by the keychain, and goes on being told', async () => {
  await day(5);
  cpSync(dir ?? '', before ?? '', { recursive: true });
  expect(await day(5)).toMatchObject({ warnings: [], intact: true, entries: 10 });
  rmSync(dir ?? '', { recursive: true });
  cpSync(before ?? '', dir ?? '', { recursive: true });
  const found = await day(1);
  expect(found.warnings[0]).toContain('the keychain knows its entry 10, and it has no entry 10 any more');
  expect(found).toMatchObject({ intact: false, problem: 'The end of the log is missing: it stops at entry 6, and entry 10 was signed.' });
  const later = await day(9);
  expect(later).toMatchObject({
    intact: false,
    problem: 'Entry 10 is another one than was signed: the log was rewritten somewhere before it.',
  });
});

test('a log that was pruned since is no theft', async () => {
  await day(5);
  const opened = await openStore({ dataDir: dir ?? '', clock: { now: () => clock.now() + 60_000 }, log: () => undefined });
  if (!opened.ok) throw new Error(opened.failure.message);
  await opened.value.append([next()]);
  expect(await opened.value.prune(new Date(clock.now() + 1_000).toISOString())).toMatchObject({ removed: 5 });
  await opened.value.close();
  expect(await day(1)).toMatchObject({ warnings: [], intact: true });
});

test('what was written without the keychain, by the command line, goes on from where it was', async () => {
  await day(3);
  await day(4, {});
  expect(await day(2)).toMatchObject({ warnings: [], intact: true, entries: 9 });
});

test('a locked keychain, one that knows nothing, and one that holds something else stop nobody', async () => {
  await day(3);
  keychain.locked = true;
  const locked = await day(1);
  expect(locked).toMatchObject({ intact: true });
  expect(locked.warnings.join()).toMatch(/not held against the keychain.*does not remember/);
  keychain.locked = false;
  await keychain.set('log-end', 'nonsense');
  expect((await day(1)).warnings).toEqual(['what the keychain knows of the event log cannot be read; it is told anew']);
  expect((await day(1)).warnings).toEqual([]);
});

test('a keychain that is files of the same data directory is told nothing: it could be taken with it', async () => {
  const files = fileKeychain(dir ?? '');
  const opened = await openStore({ dataDir: dir ?? '', clock, log: () => undefined, keychain: files });
  if (!opened.ok) throw new Error(opened.failure.message);
  await opened.value.append([next()]);
  await opened.value.close();
  expect(await files.get('log-end')).toEqual({ ok: true, value: undefined });
});
