import type BetterSqlite3 from 'better-sqlite3';
import { first } from './migrations/0010-first.ts';
import { known } from './migrations/0030-known.ts';
import { changes } from './migrations/0040-changes.ts';
import { dismissals } from './migrations/0050-dismissals.ts';
import { maintenances } from './migrations/0060-maintenances.ts';

/** One step of the schema. Numbered in tens; a published one is never changed. */
export interface Migration {
  readonly number: number;
  readonly up: string;
}

export const MIGRATIONS: readonly Migration[] = [first, known, changes, dismissals, maintenances];

/**
 * Brings a database to the newest schema, each step in its own transaction; the number reached is kept in `user_version`.
 * @throws Error when the file was written by a newer version of Quarterdeck: it is left as it is.
 */
export function migrate(db: BetterSqlite3.Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const reached = db.pragma('user_version', { simple: true }) as number;
  const newest = migrations.at(-1)?.number ?? 0;
  if (reached > newest)
    throw new Error(`it was written by a newer version of Quarterdeck (schema ${reached}, this version knows ${newest})`);
  for (const { number, up } of migrations) {
    if (number <= reached) continue;
    db.transaction(() => {
      db.exec(up);
      db.pragma(`user_version = ${number}`);
    }).immediate();
  }
}
