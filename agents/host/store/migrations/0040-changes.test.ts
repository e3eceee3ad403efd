import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrations.ts';
import { first } from './0010-first.ts';
import { known } from './0030-known.ts';
import { changes } from './0040-changes.ts';

test('a log that remembers clusters gets the table of changes, and keeps its entries and what it remembers', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first, known]);
  db.exec("INSERT INTO events VALUES (1, 'a', 'p', 'h', 'app.stopped', NULL, '{}')");
  db.exec("INSERT INTO known_rows VALUES ('prod', 'u', 'Pod', 0, 1, 1, 1, x'00')");
  migrate(db, [first, known, changes]);
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  expect([count('events'), count('known_rows'), count('changes')]).toEqual([1, 1, 0]);
  expect(db.pragma('user_version', { simple: true })).toBe(40);
  db.close();
});

test('a change is there once', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first, known, changes]);
  const put = db.prepare("INSERT INTO changes VALUES ('a', 'prod', '2026', 'Service/web', 'shop', NULL, NULL, '{}')");
  put.run();
  expect(() => put.run()).toThrow('UNIQUE');
  db.close();
});
