import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrations.ts';
import { first } from './0010-first.ts';
import { known } from './0030-known.ts';
import { changes } from './0040-changes.ts';
import { dismissals } from './0050-dismissals.ts';

test('a log with a record of changes gets the table of dismissals, and keeps what it has', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first, known, changes]);
  db.exec("INSERT INTO incidents VALUES ('inc-1', 'prod', 'open', '{}')");
  migrate(db, [first, known, changes, dismissals]);
  db.exec("INSERT INTO dismissals VALUES ('dis-1', 'prod', '{}')");
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  expect([count('incidents'), count('dismissals')]).toEqual([1, 1]);
  expect(db.pragma('user_version', { simple: true })).toBe(50);
  db.close();
});
