import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrations.ts';
import { first } from './0010-first.ts';

test('an empty database gets the tables of the log, once', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first]);
  migrate(db, [first]);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
  expect(tables).toEqual(['actions', 'events', 'incidents', 'plans']);
  expect(db.pragma('user_version', { simple: true })).toBe(10);
  db.close();
});

test('the log can only grow, and a key of an action is there once', () => {
  const db = new BetterSqlite3(':memory:');
  migrate(db, [first]);
  db.exec("INSERT INTO events VALUES (1, 'a', 'p', 'h', 'app.stopped', NULL, '{}')");
  expect(() => db.exec("UPDATE events SET json = 'x'")).toThrow('append-only');
  expect(() => db.exec('DELETE FROM events')).toThrow('append-only');
  db.exec("INSERT INTO actions VALUES ('k', 'p', 0, 0, 'started', 'a')");
  expect(() => db.exec("INSERT INTO actions VALUES ('k', 'p', 0, 0, 'started', 'a')")).toThrow('UNIQUE');
  expect(() => db.exec("UPDATE actions SET state = 'perhaps'")).toThrow('CHECK');
  db.close();
});

test('a step that fails leaves the schema as it was', () => {
  const db = new BetterSqlite3(':memory:');
  const broken = { number: 20, up: 'CREATE TABLE more (x TEXT); CREATE TABLE events (y TEXT);' };
  expect(() => migrate(db, [first, broken])).toThrow('already exists');
  expect(db.pragma('user_version', { simple: true })).toBe(10);
  expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'more'").pluck().get()).toBe(0);
  db.close();
});
