import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrations.ts';
import { first } from './0010-first.ts';
import { known } from './0030-known.ts';
import { changes } from './0040-changes.ts';
import { dismissals } from './0050-dismissals.ts';
import { maintenances } from './0060-maintenances.ts';

test('a log with dismissals gets the table of known maintenance, and keeps what it has', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first, known, changes, dismissals]);
  db.exec("INSERT INTO dismissals VALUES ('dis-1', 'prod', '{}')");
  migrate(db, [first, known, changes, dismissals, maintenances]);
  db.exec("INSERT INTO maintenances VALUES ('mnt-1', 'prod', '{}')");
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  expect([count('dismissals'), count('maintenances')]).toEqual([1, 1]);
  expect(db.pragma('user_version', { simple: true })).toBe(60);
  db.close();
});
