import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { type ContextName, FailureSchema, type Kind, isKind } from '../../contract/index.ts';
import type { KindRows, KnownCluster } from '../known/known.ts';

/** A context that has not answered for so long is forgotten; one that left the kubeconfigs, sooner. */
export const FORGET_UNSEEN_MS = 90 * 86_400_000;
export const FORGET_MISSING_MS = 30 * 86_400_000;
/** All rows together; about twelve million objects. */
export const MOST_BYTES = 500_000_000;

interface ClusterRow {
  readonly context: string;
  readonly place: string;
  readonly uid: string;
  readonly version: string | null;
  readonly confirmed_at: number | null;
  readonly seen_at: number | null;
  readonly counts: string;
  readonly unkept: string;
  readonly failure: string | null;
}

/** What was written by another version and cannot be understood reads as absent: a memory is never a reason not to start. */
const KindsSchema = z.array(z.string().refine(isKind)).catch([]);
const CountsSchema = z.record(z.string(), z.number().int()).catch({});

/** The tables of what is remembered of clusters. Lives in the store's thread, on its connection. */
export class KnownTables {
  readonly #db: BetterSqlite3.Database;
  readonly #mostBytes: number;
  readonly #statements;

  constructor(db: BetterSqlite3.Database, mostBytes = MOST_BYTES) {
    this.#db = db;
    this.#mostBytes = mostBytes;
    this.#statements = prepare(db);
  }

  clusters(): readonly KnownCluster[] {
    return (this.#statements.clusters.all() as ClusterRow[]).map((row) => ({
      context: row.context,
      place: row.place,
      uid: row.uid,
      version: row.version,
      confirmedAt: row.confirmed_at ?? undefined,
      seenAt: row.seen_at ?? undefined,
      counts: CountsSchema.parse(JSON.parse(row.counts)),
      unkept: KindsSchema.parse(JSON.parse(row.unkept)),
      failure: row.failure === null ? undefined : FailureSchema.optional().catch(undefined).parse(JSON.parse(row.failure)),
    }));
  }

  rows(context: ContextName, kind: Kind): KindRows | undefined {
    const parts = this.#statements.rows.all(context, kind) as { at: number; count: number; blob: Buffer }[];
    const [first] = parts;
    return first === undefined ? undefined : { kind, at: first.at, parts: parts.map(({ count, blob }) => ({ count, blob })) };
  }

  putClusters(clusters: readonly KnownCluster[]): void {
    this.#lightly(() => {
      for (const { context, place, uid, version, confirmedAt = null, seenAt = null, counts, unkept, failure } of clusters) {
        const [counted, waiting] = [JSON.stringify(counts), JSON.stringify(unkept)];
        const failed = failure === undefined ? null : JSON.stringify(failure);
        this.#statements.dropOthers.run(context, uid);
        this.#statements.putCluster.run(context, place, uid, version, confirmedAt, seenAt, counted, waiting, failed);
      }
    });
  }

  putRows(context: ContextName, uid: string, { kind, at, parts }: KindRows): void {
    const s = this.#statements;
    this.#lightly(() => {
      s.dropOthers.run(context, uid);
      s.dropKind.run(context, kind);
      for (const [part, { count, blob }] of parts.entries()) s.addPart.run(context, uid, kind, part, at, count, blob.byteLength, blob);
      this.#shrink();
    });
  }

  forget(contexts: readonly ContextName[]): void {
    this.#lightly(() => {
      for (const context of contexts) this.#drop(context);
    });
  }

  tidy(configured: readonly ContextName[], now: number): readonly ContextName[] {
    const s = this.#statements;
    return this.#lightly(() => {
      const present = new Set(configured);
      for (const { context } of s.clusters.all() as ClusterRow[])
        if (present.has(context)) s.isThere.run(context);
        else s.isMissing.run(now, context);
      const old = s.old.pluck().all(now - FORGET_UNSEEN_MS, now - FORGET_MISSING_MS) as string[];
      for (const context of old) this.#drop(context);
      return [...old, ...this.#shrink()];
    });
  }

  /** Drops the longest unseen clusters while all rows take more than there is room for. */
  #shrink(): readonly ContextName[] {
    const s = this.#statements;
    const dropped: ContextName[] = [];
    while ((s.bytes.pluck().get() as number) > this.#mostBytes) {
      const context = s.oldest.pluck().get() as string | undefined;
      if (context === undefined) break;
      this.#drop(context);
      dropped.push(context);
    }
    return dropped;
  }

  #drop(context: ContextName): void {
    this.#statements.dropRows.run(context);
    this.#statements.dropCluster.run(context);
  }

  /** One transaction that is not synchronised to the disk: what a power cut takes is read from the cluster again. */
  #lightly<T>(work: () => T): T {
    this.#db.pragma('synchronous = NORMAL');
    try {
      return this.#db.transaction(work).immediate();
    } finally {
      this.#db.pragma('synchronous = FULL');
    }
  }
}

function prepare(db: BetterSqlite3.Database) {
  return {
    clusters: db.prepare('SELECT * FROM known_cluster ORDER BY context'),
    rows: db.prepare('SELECT at, count, blob FROM known_rows WHERE context = ? AND kind = ? ORDER BY part'),
    putCluster: db.prepare(
      `INSERT INTO known_cluster (context, place, uid, version, confirmed_at, seen_at, counts, unkept, failure)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (context) DO UPDATE SET place = excluded.place, uid = excluded.uid, version = excluded.version,
         confirmed_at = excluded.confirmed_at, seen_at = excluded.seen_at, counts = excluded.counts, unkept = excluded.unkept,
         failure = excluded.failure, missing_since = NULL`,
    ),
    addPart: db.prepare('INSERT INTO known_rows (context, uid, kind, part, at, count, bytes, blob) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    dropKind: db.prepare('DELETE FROM known_rows WHERE context = ? AND kind = ?'),
    dropOthers: db.prepare('DELETE FROM known_rows WHERE context = ? AND uid <> ?'),
    dropRows: db.prepare('DELETE FROM known_rows WHERE context = ?'),
    dropCluster: db.prepare('DELETE FROM known_cluster WHERE context = ?'),
    isThere: db.prepare('UPDATE known_cluster SET missing_since = NULL WHERE context = ? AND missing_since IS NOT NULL'),
    isMissing: db.prepare('UPDATE known_cluster SET missing_since = ? WHERE context = ? AND missing_since IS NULL'),
    old: db.prepare('SELECT context FROM known_cluster WHERE seen_at < ? OR missing_since < ?'),
    bytes: db.prepare('SELECT coalesce(sum(bytes), 0) FROM known_rows'),
    /** Rows whose cluster is not remembered come first: nobody would find them. */
    oldest: db.prepare(
      `SELECT r.context FROM known_rows r LEFT JOIN known_cluster c ON c.context = r.context
       GROUP BY r.context ORDER BY coalesce(c.seen_at, 0), r.context LIMIT 1`,
    ),
  };
}
