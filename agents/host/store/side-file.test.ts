import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSideFile } from './side-file.ts';

const migrations = [{ number: 10, up: 'CREATE TABLE said (text TEXT) STRICT' }];

test('what is kept beside the log is for its owner alone, also what is not yet in the file itself', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-side-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const db = openSideFile(join(dir, 'logs.db'), migrations);
  onTestFinished(() => void db.close());
  db.prepare('INSERT INTO said VALUES (?)').run('ERROR');
  const files = readdirSync(dir).sort();
  expect(files).toEqual(['logs.db', 'logs.db-shm', 'logs.db-wal']);
  if (process.platform !== 'win32') expect(files.map((file) => statSync(join(dir, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  expect(() => openSideFile(join(dir, 'logs.db'), [])).toThrow('a newer version');
});
