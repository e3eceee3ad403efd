import type BetterSqlite3 from 'better-sqlite3';
import { type Change, ChangeSchema } from '../../contract/index.ts';

/** Of one context; the oldest give way. A cluster in which ten things a minute are changed all day keeps the last eight hours. */
export const MOST_CHANGES = 5_000;
const KEPT_MS = 30 * 86_400_000;

/** What is looked for; times as RFC 3339 in UTC, `object` as `Deployment/checkout`. Newest first. */
export interface ChangeQuery {
  readonly context?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly object?: string | undefined;
  readonly namespace?: string | undefined;
  readonly limit: number;
}

/** The table of changes. Lives in the store's thread, on its connection. */
export class ChangeTables {
  readonly #db: BetterSqlite3.Database;

  constructor(db: BetterSqlite3.Database) {
    this.#db = db;
  }

  /**
   * Keeps changes, one that is there already in its newer form. What is only known from the server's own record (`beforeKnown` false) is
   * left out where the change itself was seen.
   */
  put(changes: readonly Change[]): void {
    const put = this.#db.prepare(
      `INSERT INTO changes VALUES (@id, @context, @at, @object, @namespace, @uid, @manager, @json)
       ON CONFLICT (id) DO UPDATE SET at = excluded.at, json = excluded.json`,
    );
    const seen = this.#db.prepare(
      'SELECT 1 FROM changes WHERE object = @object AND at = @at AND uid IS @uid AND manager IS @manager AND context = @context',
    );
    const tidy = this.#db.prepare(
      `DELETE FROM changes WHERE context = @context AND (at < @oldest OR at <=
        (SELECT at FROM changes WHERE context = @context ORDER BY at DESC LIMIT 1 OFFSET ${MOST_CHANGES}))`,
    );
    this.#db
      .transaction(() => {
        for (const change of changes) {
          const row = {
            id: change.id,
            context: change.context,
            at: change.at,
            object: `${change.resource.kind}/${change.resource.name}`,
            namespace: change.resource.namespace ?? null,
            uid: change.resource.uid ?? null,
            manager: change.by?.manager ?? null,
            json: JSON.stringify(change),
          };
          if (change.beforeKnown || seen.get(row) === undefined) put.run(row);
        }
        const newest = changes.reduce((at, c) => (c.seenAt > at ? c.seenAt : at), '');
        const oldest = newest === '' ? '' : new Date(Date.parse(newest) - KEPT_MS).toISOString();
        for (const context of new Set(changes.map((c) => c.context))) tidy.run({ context, oldest });
      })
      .immediate();
  }

  /** What was written by another version and cannot be understood is left out. */
  list({ context, since, until, object, namespace, limit }: ChangeQuery): readonly Change[] {
    const where = [
      ...(context === undefined ? [] : ['context = @context']),
      ...(since === undefined ? [] : ['at >= @since']),
      ...(until === undefined ? [] : ['at <= @until']),
      ...(object === undefined ? [] : ['object = @object']),
      ...(namespace === undefined ? [] : ['namespace = @namespace']),
    ];
    const sql = `SELECT json FROM changes ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY at DESC, id LIMIT @limit`;
    const bound = Object.fromEntries(
      Object.entries({ context, since, until, object, namespace, limit }).filter(([, value]) => value !== undefined),
    );
    return this.#db
      .prepare(sql)
      .pluck()
      .all(bound)
      .flatMap((json) => {
        const parsed = ChangeSchema.safeParse(JSON.parse(json as string));
        return parsed.success ? [parsed.data] : [];
      });
  }
}
