import type BetterSqlite3 from 'better-sqlite3';
import { type Change, ChangeSchema, type ContextName } from '../../contract/index.ts';

/** Of one context; the oldest give way. A cluster in which ten things a minute are changed all day keeps the last eight hours. */
export const MOST_CHANGES = 5_000;
export const KEPT_MS = 30 * 86_400_000;
/** A change that was seen as it happened may have a time of our own clock, a little later than the second that the server remembers. */
const SAME_MS = 2_000;

/** What is looked for; times as RFC 3339, `object` as `Deployment/checkout`. Newest first. */
export interface ChangeQuery {
  readonly context?: ContextName | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly object?: string | undefined;
  readonly namespace?: string | undefined;
  readonly limit: number;
}

/** The table of changes. Lives in the store's thread, on its connection. */
export class ChangeTables {
  readonly #db: BetterSqlite3.Database;
  readonly #most: number;
  readonly #statements;

  constructor(db: BetterSqlite3.Database, most = MOST_CHANGES) {
    this.#db = db;
    this.#most = most;
    this.#statements = prepare(db);
  }

  /**
   * Keeps changes, one that is there already in its newer form. What is only known from the server's own record (`beforeKnown` false) is
   * left out where the change itself was seen. Not synchronised to the disk: what a power cut takes, the server still remembers.
   */
  put(changes: readonly Change[]): void {
    const s = this.#statements;
    this.#db.pragma('synchronous = NORMAL');
    try {
      this.#db
        .transaction(() => {
          for (const change of changes) {
            const row = rowOf(change);
            if (change.beforeKnown || s.seen.get({ ...row, until: later(change.at, SAME_MS) }) === undefined) s.put.run(row);
          }
          const newest = changes.reduce((at, c) => (c.seenAt > at ? c.seenAt : at), '');
          const oldest = newest === '' ? '' : later(newest, -KEPT_MS);
          for (const context of new Set(changes.map((c) => c.context))) s.tidy.run({ context, oldest, most: this.#most });
        })
        .immediate();
    } finally {
      this.#db.pragma('synchronous = FULL');
    }
  }

  /** What was written by another version and cannot be understood is left out. */
  list({ context, since, until, object, namespace, limit }: ChangeQuery): readonly Change[] {
    const asked = { context, since: since && later(since, 0), until: until && later(until, 0), object, namespace };
    const where = [
      ...(context === undefined ? [] : ['context = @context']),
      ...(since === undefined ? [] : ['at >= @since']),
      ...(until === undefined ? [] : ['at <= @until']),
      ...(object === undefined ? [] : ['object = @object']),
      ...(namespace === undefined ? [] : ['namespace = @namespace']),
    ];
    const sql = `SELECT json FROM changes ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY at DESC, id LIMIT @limit`;
    const bound = Object.fromEntries(Object.entries({ ...asked, limit }).filter(([, value]) => value !== undefined));
    return (this.#db.prepare(sql).pluck().all(bound) as string[]).flatMap((json) => {
      const parsed = ChangeSchema.safeParse(JSON.parse(json));
      return parsed.success ? [parsed.data] : [];
    });
  }
}

/** Times are compared as text, so all have the same form. */
const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

const rowOf = (change: Change) => ({
  id: change.id,
  context: change.context,
  at: later(change.at, 0),
  object: `${change.resource.kind}/${change.resource.name}`,
  namespace: change.resource.namespace ?? null,
  uid: change.resource.uid ?? null,
  manager: change.by?.manager ?? null,
  json: JSON.stringify(change),
});

function prepare(db: BetterSqlite3.Database) {
  return {
    put: db.prepare(
      `INSERT INTO changes VALUES (@id, @context, @at, @object, @namespace, @uid, @manager, @json)
       ON CONFLICT (id) DO UPDATE SET at = excluded.at, json = excluded.json`,
    ),
    seen: db.prepare(
      `SELECT 1 FROM changes WHERE object = @object AND at BETWEEN @at AND @until
         AND uid IS @uid AND manager IS @manager AND context = @context`,
    ),
    tidy: db.prepare(
      `DELETE FROM changes WHERE context = @context AND (at < @oldest OR id IN
         (SELECT id FROM changes WHERE context = @context ORDER BY at DESC, id DESC LIMIT -1 OFFSET @most))`,
    ),
  };
}
