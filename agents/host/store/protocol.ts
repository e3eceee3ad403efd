import type {
  Change,
  ContextName,
  Dismissal,
  Envelope,
  Failure,
  HostEvent,
  Incident,
  Kind,
  Maintenance,
  Plan,
} from '../../contract/index.ts';
import type { DismissalRows } from '../incidents/dismissal-book.ts';
import type { KindRows, KnownCluster } from '../known/known.ts';
import type { LogAudit } from './audit-log.ts';
import type { ChangeQuery } from './change-tables.ts';
import type { LogHead } from './log-marks.ts';

/** What the host asks of the store's thread. One table: a call without an answer type, or the reverse, does not compile. */
export interface StoreCalls {
  readonly events: { readonly args: readonly [since: number, limit: number]; readonly answer: readonly Envelope[] };
  readonly lastSeq: { readonly args: readonly []; readonly answer: number };
  readonly plans: { readonly args: readonly []; readonly answer: readonly Plan[] };
  readonly plan: { readonly args: readonly [id: string]; readonly answer: Plan | undefined };
  readonly incidents: { readonly args: readonly [state: 'open' | 'resolved' | 'all']; readonly answer: readonly Incident[] };
  readonly incident: { readonly args: readonly [id: string]; readonly answer: Incident | undefined };
  readonly dismissals: { readonly args: readonly []; readonly answer: readonly Dismissal[] };
  readonly maintenances: { readonly args: readonly []; readonly answer: readonly Maintenance[] };
  readonly knownClusters: { readonly args: readonly []; readonly answer: readonly KnownCluster[] };
  readonly knownRows: { readonly args: readonly [context: ContextName, kind: Kind]; readonly answer: KindRows | undefined };
  readonly putKnownClusters: { readonly args: readonly [clusters: readonly KnownCluster[]]; readonly answer: undefined };
  readonly putKnownRows: { readonly args: readonly [context: ContextName, uid: string, rows: KindRows]; readonly answer: undefined };
  readonly forgetKnown: { readonly args: readonly [contexts: readonly ContextName[]]; readonly answer: undefined };
  readonly tidyKnown: {
    readonly args: readonly [configured: readonly ContextName[], now: number];
    readonly answer: readonly ContextName[];
  };
  readonly changes: { readonly args: readonly [query: ChangeQuery]; readonly answer: readonly Change[] };
  readonly putChanges: { readonly args: readonly [changes: readonly Change[]]; readonly answer: undefined };
  /** Walks the whole log; takes seconds, and lets other calls in between. */
  readonly audit: { readonly args: readonly []; readonly answer: LogAudit };
  readonly prune: { readonly args: readonly [before: string, at: string]; readonly answer: { removed: number; upTo: number | null } };
  readonly append: {
    readonly args: AppendRequest;
    readonly answer: readonly Envelope[];
  };
}
export type StoreCall = keyof StoreCalls;

export type AppendRequest = readonly [at: string, events: readonly HostEvent[], rows: StoreRows];

/** What is stored in the same transaction as the events. */
export interface StoreRows {
  readonly plan?: Plan;
  readonly incidents?: readonly Incident[];
  readonly dismissals?: DismissalRows;
  readonly maintenance?: readonly Maintenance[];
  readonly maintenanceEnded?: readonly string[];
}

export interface StoreRequest<C extends StoreCall = StoreCall> {
  readonly id: number;
  readonly call: C;
  readonly args: StoreCalls[C]['args'];
}

/** `ready` or `failed` comes once, after the file was opened; then one answer a request. */
export type StoreReply =
  /** `suspicion`: what is wrong with where the log ended, in words. */
  | { readonly type: 'ready'; readonly suspicion: string | undefined }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Where the log ends, for somebody outside the data directory to remember. */
  | { readonly type: 'checkpoint'; readonly head: LogHead }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly failure: Failure };

/** The request without a number: no other follows it. */
export interface StoreClose {
  readonly call: 'close';
  readonly at: string;
}

export interface StoreThreadData {
  readonly dataDir: string;
  /** Cap on the file, in pages of 4 KiB; none where absent. */
  readonly maxPages: number | undefined;
  /** The newest checkpoint that is kept outside the data directory. */
  readonly witness: LogHead | undefined;
  /** Now, RFC 3339. */
  readonly at: string;
}
