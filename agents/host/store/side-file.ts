import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { type Migration, migrate } from './migrations.ts';

/**
 * Opens a file beside the log's, for what can be had again or done without: a power cut may cost the newest minutes, never the file.
 * `path` may be `:memory:`. @throws what SQLite throws, and then nothing is open.
 */
export function openSideFile(path: string, migrations: readonly Migration[]): BetterSqlite3.Database {
  // Made by us first, because SQLite would make it readable for everybody; its -wal and -shm files take the mode over.
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  const db = new BetterSqlite3(path);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
