import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { HostEvent, Outcome } from '../../contract/index.ts';
import type { WritableStore } from '../ports/store.ts';
import { firstBreak } from './chain.ts';
import { openStore } from './store.ts';

const clock = { now: () => Date.UTC(2026, 10, 23, 9) };
const note = (text: string): HostEvent => ({ type: 'agent.crashed', agent: 'troubleshooter', message: text, restarts: 1 });
const long = 'x'.repeat(20_000);

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-faults-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
async function open(dataDir: string, maxPages?: number): Promise<Outcome<WritableStore>> {
  const opened = await openStore({ dataDir, clock, log: () => undefined, ...(maxPages === undefined ? {} : { maxPages }) });
  if (opened.ok) cleanups.push(() => opened.value.close());
  return opened;
}
function must(opened: Outcome<WritableStore>): WritableStore {
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}
const failureOf = (opened: Outcome<WritableStore>) => (opened.ok ? undefined : opened.failure);

/** Appends until the store refuses; the failure, and how many entries were accepted. */
async function fill(store: WritableStore): Promise<{ failure: { code: string; message: string; hint?: string }; accepted: number }> {
  for (let accepted = await store.lastSeq(); ; accepted++) {
    try {
      await store.append([note(long)]);
    } catch (error) {
      return { failure: (error as { failure: { code: string; message: string; hint?: string } }).failure, accepted };
    }
  }
}

/** A small file system of its own, where the user may mount one. */
function smallDisk(options: string): string | undefined {
  const dir = folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  cleanups.push(() => void execFileSync('umount', ['-l', dir]));
  return dir;
}

test('a directory that is a file is named, with what to do', async () => {
  const file = join(folder(), 'data');
  writeFileSync(file, 'not a directory');
  expect(failureOf(await open(file))).toEqual({
    code: 'data-dir-unwritable',
    message: `The data directory ${file} cannot be written: it is a file and not a directory.`,
    hint: 'Make it a directory that you own (mode 0700), or choose another one with --data-dir.',
  });
  expect(failureOf(await open(join(file, 'below')))).toMatchObject({ code: 'data-dir-unwritable' });
});

test('a read-only directory is named', async ({ skip }) => {
  const dir = process.getuid?.() === 0 ? smallDisk('size=1m') : folder();
  if (dir === undefined) return skip('may not mount a file system here');
  if (process.getuid?.() === 0) execFileSync('mount', ['-o', 'remount,ro', dir]);
  else chmodSync(dir, 0o500);
  const failure = failureOf(await open(dir));
  expect(failure?.code).toBe('data-dir-unwritable');
  expect(failure?.message).toMatch(/cannot be written: (the file system is read-only|permission denied)/);
  if (process.getuid?.() !== 0) chmodSync(dir, 0o700);
});

test('a full disk refuses the append, keeps what there was, and is written again when there is room', async ({ skip }) => {
  const disk = smallDisk('size=2m');
  if (disk === undefined) return skip('may not mount a file system here');
  const ballast = join(disk, 'ballast');
  const store = must(await open(join(disk, 'data')));
  await store.append([note('first')]);
  writeBallast(ballast, disk);
  const { failure, accepted } = await fill(store);
  expect(failure).toMatchObject({ code: 'data-dir-full', hint: expect.stringContaining('Free space') });
  expect(await store.lastSeq()).toBe(accepted);
  expect(firstBreak(await store.events(0, 10_000))).toBeUndefined();
  rmSync(ballast);
  await store.append([note('after')]);
  expect(await store.lastSeq()).toBe(accepted + 1);
});

function writeBallast(file: string, disk: string): void {
  const fd = openSync(file, 'w');
  const block = Buffer.alloc(4096);
  while (statfsSync(disk).bavail > 16) writeSync(fd, block);
  closeSync(fd);
}

test('opening on a disk with no room at all says so', async ({ skip }) => {
  const disk = smallDisk('size=64k');
  if (disk === undefined) return skip('may not mount a file system here');
  const data = join(disk, 'data');
  mkdirSync(data);
  const fd = openSync(join(disk, 'ballast'), 'w');
  try {
    for (;;) writeSync(fd, Buffer.alloc(4096));
  } catch {
    // Full.
  }
  closeSync(fd);
  expect(failureOf(await open(data))?.code).toBe('data-dir-full');
});

test('a file that may not grow refuses the append and loses nothing', async () => {
  const store = must(await open(folder(), 60));
  const { failure, accepted } = await fill(store);
  expect(failure.code).toBe('data-dir-full');
  expect(accepted).toBeGreaterThan(3);
  expect(await store.lastSeq()).toBe(accepted);
  expect(firstBreak(await store.events(0, 1000))).toBeUndefined();
});

test('a file that is no database is refused and left as it was', async () => {
  const dir = folder();
  const file = join(dir, 'quarterdeck.db');
  writeFileSync(file, 'this is not a database '.repeat(500));
  const before = readFileSync(file);
  const failure = failureOf(await open(dir));
  expect(failure?.code).toBe('store-corrupt');
  expect(failure?.message).toContain(file);
  expect(failure?.hint).toContain('Restore it from a backup');
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('damaged pages are found when the file is opened', async () => {
  const dir = folder();
  const store = must(await open(dir));
  for (let i = 0; i < 20; i++) await store.append([note(long)]);
  await store.close();
  const file = join(dir, 'quarterdeck.db');
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096, 4096 * 12);
  writeFileSync(file, bytes);
  expect(failureOf(await open(dir))?.code).toBe('store-corrupt');
});

test('an entry that was changed behind our back is found when the file is opened', async () => {
  const dir = folder();
  const store = must(await open(dir));
  await store.append([note('one'), note('two'), note('three')]);
  await store.close();
  const db = new BetterSqlite3(join(dir, 'quarterdeck.db'));
  expect(() => db.exec("UPDATE events SET json = '{}' WHERE seq = 2")).toThrow('append-only');
  expect(() => db.exec('DELETE FROM events WHERE seq = 2')).toThrow('append-only');
  db.exec('DROP TRIGGER events_not_changed');
  db.exec(`UPDATE events SET json = replace(json, 'two', 'owt') WHERE seq = 2`);
  db.close();
  expect(failureOf(await open(dir))).toMatchObject({ code: 'store-corrupt', message: expect.stringContaining('entry 2 ') });
});

test('a plan that was tampered with is not read', async () => {
  const dir = folder();
  const store = must(await open(dir));
  await store.append([note('one')]);
  const db = new BetterSqlite3(join(dir, 'quarterdeck.db'));
  db.exec(`INSERT INTO plans (id, context, incident, state, json) VALUES ('plan-1', 'prod', 'i', 'awaitingApproval', '{"id":"plan-1"}')`);
  db.close();
  await expect(store.plans()).rejects.toMatchObject({ failure: { code: 'store-corrupt' } });
  await store.append([note('lives on')]);
  expect(await store.lastSeq()).toBe(2);
});

test('a log of a newer version is left alone', async () => {
  const dir = folder();
  await must(await open(dir)).close();
  const db = new BetterSqlite3(join(dir, 'quarterdeck.db'));
  db.pragma('user_version = 990');
  db.close();
  expect(failureOf(await open(dir))?.message).toContain('written by a newer version of Quarterdeck (schema 990');
});

test('a thread that fell is started again, and what was answered before is there', async () => {
  const dir = folder();
  const falls = new URL(`data:text/javascript,${encodeURIComponent(fallingThread)}`);
  const opened = await openStore({ dataDir: dir, clock, log: () => undefined, thread: falls });
  const store = must(opened);
  cleanups.push(() => store.close());
  await expect(store.lastSeq()).rejects.toMatchObject({
    failure: { code: 'internal', message: expect.stringContaining('ended unexpectedly') },
  });
  await expect(store.lastSeq()).rejects.toMatchObject({ failure: { message: expect.stringContaining('ended unexpectedly') } });
});

/** Opens well, and ends at the first call. */
const fallingThread = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', () => process.exit(1));
  parentPort.postMessage({ type: 'ready' });
`;
