import BetterSqlite3 from 'better-sqlite3';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { HostEvent } from '../../contract/index.ts';
import { auditLog } from './audit-log.ts';
import { GENESIS, seal } from './chain.ts';
import { Database } from './database.ts';
import type { StoredEntry } from './verify-log.ts';

const AT = '2026-11-23T09:00:00.000Z';
const COUNTS = process.env['QUARTERDECK_COUNTS'];
const MUTATIONS = COUNTS === 'full' ? 10_000 : COUNTS === 'tenth' ? 1_000 : 140;
const ENTRIES = 60;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-audit-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
const event = (n: number): HostEvent => ({ type: 'cluster.disconnected', context: `context-${n}` });
const minute = (n: number) => new Date(Date.parse(AT) + n * 60_000).toISOString();

/** A log of so many entries in a folder, closed. */
function written(dir: string, entries = ENTRIES): void {
  const db = new Database(dir, { at: AT });
  for (let n = 0; n < entries; n++) db.append(minute(n), [event(n)], {});
  db.close(minute(entries));
}

async function verdictOf(dir: string) {
  const db = new Database(dir, { at: AT });
  try {
    return { ...(await auditLog(db)).log, suspicion: db.suspicion };
  } finally {
    db.close(AT);
  }
}
const file = (dir: string) => join(dir, 'quarterdeck.db');

/** Somebody with an editor: no trigger stands in the way. */
function tamper(dir: string, work: (db: BetterSqlite3.Database) => void): void {
  const db = new BetterSqlite3(file(dir));
  db.exec('DROP TRIGGER IF EXISTS events_not_changed; DROP TRIGGER IF EXISTS events_not_deleted');
  work(db);
  db.close();
}

test('a log that nobody touched is intact, and its state follows from it; the key and the marks are for the owner alone', async () => {
  const dir = folder();
  written(dir);
  const db = new Database(dir, { at: AT });
  expect(await auditLog(db)).toEqual({
    log: { intact: true, entries: 60, first: 1, last: 60, prunedUpTo: null, checkpoints: 1, unvouched: [], problem: null },
    replay: { same: true, fromLog: expect.any(String) as string, stored: expect.any(String) as string, difference: null },
  });
  db.close(AT);
  for (const name of ['key.pem', 'marks.jsonl', 'now.json']) expect(statSync(join(dir, 'audit', name)).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'audit')).mode & 0o777).toBe(0o700);
});

const rowsOf = (db: BetterSqlite3.Database) => db.prepare('SELECT * FROM events ORDER BY seq').all() as StoredEntry[];
const put = (db: BetterSqlite3.Database, { seq, at, prev, hash, type, context, json }: StoredEntry) =>
  db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)').run(seq, at, prev, hash, type, context, json);

/** All from the n-th on anew, each hash in order: whoever does this knows how the chain is made. */
function rewriteFrom(db: BetterSqlite3.Database, n: number, events: readonly HostEvent[]): void {
  const rows = rowsOf(db);
  const before = rows[n - 1];
  db.prepare('DELETE FROM events WHERE seq > ?').run(n);
  for (const { envelope, json } of seal(before ?? { seq: 0, hash: GENESIS }, AT, events))
    put(db, { ...envelope, json, type: envelope.event.type, context: 'context' in envelope.event ? envelope.event.context : null });
}

const COLUMNS = ['at', 'prev', 'hash', 'type', 'context', 'json'] as const;
function flipped(text: string, at: number, bit: number): string {
  const bytes = Buffer.from(text);
  const index = at % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit % 7));
  return bytes.toString('latin1');
}

const position = fc.nat(ENTRIES - 1);
type Mutation = (db: BetterSqlite3.Database) => void;
const MUTATED: Readonly<Record<string, fc.Arbitrary<Mutation>>> = {
  'a bit flipped': fc.tuple(position, fc.constantFrom(...COLUMNS), fc.nat(), fc.nat(6)).map(([n, column, at, bit]) => (db) => {
    const row = rowsOf(db)[n];
    db.prepare(`UPDATE events SET ${column} = ? WHERE seq = ?`).run(flipped(row?.[column] ?? '', at, bit), n + 1);
  }),
  'an entry deleted': position.map((n) => (db) => void db.prepare('DELETE FROM events WHERE seq = ?').run(n + 1)),
  'two swapped': fc
    .tuple(position, position)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => (db) => {
      const rows = rowsOf(db);
      const [one, other] = [rows[a], rows[b]];
      if (one === undefined || other === undefined) throw new Error('no such rows');
      db.prepare('DELETE FROM events WHERE seq IN (?, ?)').run(one.seq, other.seq);
      put(db, { ...one, seq: other.seq });
      put(db, { ...other, seq: one.seq });
    }),
  'one inserted, the rest moved up': position.map((n) => (db) => {
    const rows = rowsOf(db);
    const row = rows[n];
    if (row === undefined) throw new Error('no such row');
    for (const { seq } of rows.slice(n).reverse()) db.prepare('UPDATE events SET seq = seq + 1 WHERE seq = ?').run(seq);
    put(db, { ...row, seq: n + 1 });
  }),
  'some added at the end, in order': fc.integer({ min: 1, max: 5 }).map(
    (n) => (db) =>
      rewriteFrom(
        db,
        ENTRIES,
        Array.from({ length: n }, (_, i) => event(900 + i)),
      ),
  ),
  'the tail cut off': fc
    .integer({ min: 0, max: ENTRIES - 1 })
    .map((n) => (db) => void db.prepare('DELETE FROM events WHERE seq > ?').run(n)),
  'rewritten from somewhere on, each hash in order': fc.tuple(position, fc.integer({ min: 0, max: 20 })).map(
    ([n, more]) =>
      (db) =>
        rewriteFrom(
          db,
          n,
          Array.from({ length: ENTRIES - n + more }, (_, i) => event(500 + i)),
        ),
  ),
};

test.each(Object.entries(MUTATED))('%s is found, and named', async (name, arbitrary) => {
  const dir = folder();
  written(dir);
  const copy = folder();
  cpSync(dir, copy, { recursive: true });
  const runs = Math.ceil(MUTATIONS / Object.keys(MUTATED).length);
  let tried = 0;
  const before = new BetterSqlite3(file(dir)).prepare('SELECT json FROM events').all();
  await fc.assert(
    fc.asyncProperty(arbitrary, async (mutate) => {
      copyFileSync(file(dir), file(copy));
      cpSync(join(dir, 'audit'), join(copy, 'audit'), { recursive: true });
      for (const rest of ['-wal', '-shm']) rmSync(`${file(copy)}${rest}`, { force: true });
      tamper(copy, mutate);
      tried++;
      // Near its end a broken chain is seen on opening already; the rest by the walk.
      const found = await verdictOf(copy).then(
        (v) => (v.intact && v.unvouched.length === 0 ? undefined : (v.problem?.message ?? v.suspicion)),
        (error: unknown) => String(error),
      );
      expect(found).toMatch(/entr(?:y|ies)|end of the log|damaged/i);
    }),
    { numRuns: runs },
  );
  process.stdout.write(`${tried} times ${name}: all found, in a log of ${before.length} entries\n`);
});

test('a cut is not forgotten when the log goes on, and an older end is told from a newer one', async () => {
  const dir = folder();
  written(dir);
  tamper(dir, (db) => db.exec('DELETE FROM events WHERE seq > 40'));
  const db = new Database(dir, { at: AT });
  expect(db.suspicion).toBe('it ends with entry 40, and what was signed is entry 60');
  for (let n = 0; n < 30; n++) db.append(AT, [event(700 + n)], {});
  db.close(AT);
  expect((await verdictOf(dir)).problem).toMatchObject({ seq: 60, kind: 'rewritten' });
});

test('marks that were changed, or signed by somebody else, are told', async () => {
  const dir = folder();
  written(dir);
  const marks = join(dir, 'audit', 'marks.jsonl');
  const text = readFileSync(marks, 'utf8');
  writeFileSync(marks, text.replace('"seq":60', '"seq":59'));
  expect((await verdictOf(dir)).problem).toMatchObject({
    kind: 'mark',
    message: expect.stringContaining('is not what was signed') as string,
  });
  writeFileSync(marks, text);
  const other = folder();
  written(other);
  copyFileSync(join(other, 'audit', 'marks.jsonl'), marks);
  expect((await verdictOf(dir)).problem).toMatchObject({ kind: 'mark', message: expect.stringContaining('another key') as string });
});

test('a log from before there were marks is taken up: what nothing vouched for is told, and what follows is vouched for', async () => {
  const dir = folder();
  written(dir);
  rmSync(join(dir, 'audit'), { recursive: true });
  expect(await verdictOf(dir)).toMatchObject({
    intact: true,
    unvouched: [{ from: 1, to: 60 }],
    suspicion: 'nothing vouches for its entries 1 to 60',
  });
  expect(await verdictOf(dir)).toMatchObject({ intact: true, unvouched: [{ from: 1, to: 60 }], suspicion: undefined });
});

test('the beginning let go: the rest is checked from there, and a theft of more is found', async () => {
  const dir = folder();
  written(dir);
  const db = new Database(dir, { at: AT });
  expect(db.prune(minute(20), AT)).toEqual({ removed: 20, upTo: 20 });
  expect(db.prune(minute(20), AT)).toEqual({ removed: 0, upTo: null });
  expect(await auditLog(db)).toMatchObject({ log: { intact: true, entries: 40, first: 21, prunedUpTo: 20 }, replay: null });
  expect(() => db.append(AT, [event(1)], {})).not.toThrow();
  db.close(AT);
  tamper(dir, (raw) => raw.exec('DELETE FROM events WHERE seq <= 25'));
  expect((await verdictOf(dir)).problem).toMatchObject({ seq: 21, kind: 'missing' });
});

test('an append that did not come through leaves an intact log', async () => {
  const dir = folder();
  written(dir, 3);
  const db = new Database(dir, { at: AT });
  const started: HostEvent = {
    type: 'action.started',
    context: 'prod',
    plan: 'p',
    index: 0,
    key: 'k',
    inverse: false,
    target: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'app' },
    summary: 's',
  };
  db.append(AT, [started], {});
  expect(() => db.append(AT, [event(1), started], {})).toThrow('UNIQUE');
  expect((await auditLog(db)).log).toMatchObject({ intact: true, entries: 4 });
  db.close(AT);
  expect(await verdictOf(dir)).toMatchObject({ intact: true, entries: 4, suspicion: undefined });
});
