import type { ContextName, Failure, Kind } from '../../contract/index.ts';
import type { ClusterCondition } from '../../core/cluster-state.ts';
import type { PackedRow } from '../../core/row.ts';

/** What is kept of clusters beyond a run, and how the kube worker tells it. Times are milliseconds since 1970. */

/** Rows of one kind, compressed (zstd over a JSON array of PackedRow), `ROWS_A_PART` at most. */
export interface RowsPart {
  readonly count: number;
  readonly blob: Uint8Array;
}

/** All rows of one kind of one cluster as they were at `at`. */
export interface KindRows {
  readonly kind: Kind;
  readonly at: number;
  readonly parts: readonly RowsPart[];
}

/** What the kube worker says of a watched cluster without being asked, for what is remembered of it. */
export type KnownNotice =
  | {
      readonly type: 'pulse';
      readonly context: ContextName;
      readonly uid: string;
      /** Address and authority of the cluster, as a hash: see `KubeContext.place`. */
      readonly place: string;
      /** Until when everything but the `stale` kinds is known to be so, and when the cluster last said anything. */
      readonly confirmedAt: number;
      readonly seenAt: number;
      readonly counts: ClusterCondition['counts'];
      readonly stale: readonly Kind[];
      /** Kinds that have changed since their rows were last sent. */
      readonly unkept: readonly Kind[];
    }
  | ({ readonly type: 'rows'; readonly context: ContextName; readonly uid: string; readonly place: string } & KindRows);

/** A cluster as it is remembered when the app starts. */
export interface KnownCluster {
  readonly context: ContextName;
  readonly place: string;
  readonly uid: string;
  readonly version: string | null;
  readonly confirmedAt: number | undefined;
  readonly seenAt: number | undefined;
  readonly counts: ClusterCondition['counts'];
  /** Kinds whose stored rows are older than `confirmedAt`: they had changed and were not stored yet. */
  readonly unkept: readonly Kind[];
  readonly failure: Failure | undefined;
}

export interface ReadableKnown {
  knownClusters(): Promise<readonly KnownCluster[]>;
  /** Undefined where nothing of that kind is remembered of that context. */
  knownRows(context: ContextName, kind: Kind): Promise<KindRows | undefined>;
}

/** A memory, not a record: what is put here replaces what was there, is not synchronised to the disk at once, and may be dropped. */
export interface WritableKnown extends ReadableKnown {
  putKnownClusters(clusters: readonly KnownCluster[]): Promise<void>;
  /** Replaces the rows of that kind. Rows of the context under another uid are dropped first: they are another cluster's. */
  putKnownRows(context: ContextName, uid: string, rows: KindRows): Promise<void>;
  /** Drops a context's rows and what is remembered of it. */
  forgetKnown(contexts: readonly ContextName[]): Promise<void>;
  /**
   * Drops what nobody will ask for: contexts not seen for 90 days, contexts that have been in no kubeconfig for 30, and the longest
   * unseen ones while all rows take more than 500 MB. Answers with what was dropped.
   */
  tidyKnown(configured: readonly ContextName[], now: number): Promise<readonly ContextName[]>;
}

/** What is asked of a session's rows. */
export interface RowsQuery {
  readonly kind: Kind;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Lower case; empty: all. */
  readonly search: string;
  readonly sort: RowsSort;
  readonly after: RowsCursor | undefined;
  readonly limit: number;
}

export interface RowsSort {
  /** `name`, `age`, `state`, `health`, or the number of a cell. */
  readonly by: 'name' | 'age' | 'state' | 'health' | number;
  readonly descending: boolean;
}

/** The last row of the page before: its sort value, and its place among equals. */
export interface RowsCursor {
  readonly value: string | number;
  readonly key: string;
  readonly context: ContextName;
}

/** A page of one cluster: the first rows after the cursor, in order. */
export interface RowsAnswer {
  readonly rows: readonly PackedRow[];
  readonly total: number;
  /** Why these are not all there are: `forbidden: needs list pods`. */
  readonly gaps: readonly string[];
}
