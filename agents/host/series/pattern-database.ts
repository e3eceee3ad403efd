import type BetterSqlite3 from 'better-sqlite3';
import type { StoredPattern } from '../../core/signals/workload-logs.ts';
import { openSideFile } from '../store/side-file.ts';
import { logPatterns } from './0090-log-patterns.ts';

/** What workloads logged, on this machine: a file of its own, one connection, for one thread. */

const DAY = 86_400_000;
const KEPT_MS = 30 * DAY;
const MOST_ROWS = 200_000;

export class PatternDatabase {
  readonly #db: BetterSqlite3.Database;
  readonly #put;
  readonly #drop;
  readonly #of;

  /** @param path a file of its own, or `:memory:`. */
  constructor(path: string) {
    this.#db = openSideFile(path, [logPatterns]);
    const prepare = <A extends unknown[]>(sql: string) => this.#db.prepare<A>(sql);
    this.#put = prepare<[string, string, string, number, string]>('INSERT OR REPLACE INTO patterns VALUES (?, ?, ?, ?, ?)');
    this.#drop = prepare<[string, string, string]>('DELETE FROM patterns WHERE cluster = ? AND workload = ? AND id = ?');
    this.#of = prepare<[string, string]>('SELECT id, data FROM patterns WHERE cluster = ? AND workload = ?');
  }

  /** Rows without data are gone. */
  keep(cluster: string, workload: string, rows: readonly StoredPattern[], now: number): void {
    this.#db.transaction(() => {
      for (const { id, data } of rows)
        if (data === '') this.#drop.run(cluster, workload, id);
        else this.#put.run(cluster, workload, id, now, data);
    })();
  }

  of(cluster: string, workload: string): StoredPattern[] {
    return this.#of.all(cluster, workload) as StoredPattern[];
  }

  /** How many patterns were forgotten. What was read goes with them: measured against it alone, what comes next would all be new. */
  forget(cluster: string): number {
    return this.#db.transaction(() => {
      const patterns = this.#db.prepare<[string]>("DELETE FROM patterns WHERE cluster = ? AND id <> ''").run(cluster).changes;
      this.#db.prepare<[string]>('DELETE FROM patterns WHERE cluster = ?').run(cluster);
      return patterns;
    })();
  }

  /** What nobody has logged for a month goes, and what is more than fits, oldest first. */
  tidy(now: number): void {
    this.#db.prepare<[number]>('DELETE FROM patterns WHERE written < ?').run(now - KEPT_MS);
    const rows = this.#db.prepare<[]>('SELECT count(*) FROM patterns').pluck().get() as number;
    if (rows > MOST_ROWS)
      this.#db
        .prepare<[number]>(
          'DELETE FROM patterns WHERE (cluster, workload, id) IN (SELECT cluster, workload, id FROM patterns ORDER BY written LIMIT ?)',
        )
        .run(rows - MOST_ROWS);
  }

  close(): void {
    this.#db.close();
  }
}
