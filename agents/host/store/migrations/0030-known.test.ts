import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrations.ts';
import { first } from './0010-first.ts';
import { known } from './0030-known.ts';

test('a log of the first version gets the tables of what is remembered, and keeps its entries', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first]);
  db.exec("INSERT INTO events VALUES (1, 'a', 'p', 'h', 'app.stopped', NULL, '{}')");
  migrate(db, [first, known]);
  expect(db.prepare('SELECT count(*) FROM events').pluck().get()).toBe(1);
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'known%' ORDER BY name").pluck().all()).toEqual([
    'known_cluster',
    'known_rows',
  ]);
  expect(db.pragma('user_version', { simple: true })).toBe(30);
  db.close();
});

test('a part of rows is there once', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first, known]);
  const put = db.prepare("INSERT INTO known_rows VALUES ('prod', 'u', 'Pod', 0, 1, 1, 1, x'00')");
  put.run();
  expect(() => put.run()).toThrow('UNIQUE');
  db.close();
});
