import type { MessagePort } from 'node:worker_threads';
import type {
  ActionSpec,
  Change,
  ContextColor,
  ContextName,
  Dismissal,
  Embedder,
  Envelope,
  Fact,
  Failure,
  HelmRelease,
  HelmReleaseRow,
  HostEvent,
  Incident,
  InferencePort,
  Json,
  Kind,
  KubeEventRow,
  KubeObject,
  LogItem,
  LogPattern,
  LogSelection,
  LogWatch,
  MapPart,
  ModelLibrary,
  Outcome,
  Plan,
  ClusterProbe,
  Relation,
  ResourceRef,
  TablePage,
} from '../contract/index.ts';
import type { AccessRules } from '../core/access-rules.ts';
import type { Gap } from '../core/view.ts';
import type { PatternsAsk } from './logs/log-follower.ts';
import type { WantedLogs } from './logs/watch-list.ts';
import type { ReadingByContext } from './metrics/reading-book.ts';
import type { ScrapeReport } from './metrics/scraper.ts';
import type { InteractiveTransport } from './cluster/interactive/transport.ts';
import type { Discovered } from './cluster/explore/discovery.ts';
import type { EventsAsk, ObjectAsk, TableAsk } from './cluster/explore/on-demand.ts';
import type { MarkBook } from './contexts/marks-file.ts';
import type { LogAudit } from './store/audit-log.ts';
import type { ChangeQuery } from './store/change-tables.ts';
import type { KnownNotice, ReadableKnown, RowsAnswer, RowsQuery, WritableKnown } from './known/known.ts';

/** What a shell supplies to `createApp`, and the seams between the rooms of the host. Real implementations and doubles alike. */

/** Milliseconds since 1970. Timers that decide something go through `after`, so that tests can turn time. */
export interface Clock {
  now(): number;
  /** Calls back once after that many milliseconds; returns the cancel. */
  after(ms: number, run: () => void): () => void;
}

export interface Ids {
  /** A new random id with a readable prefix: `plan-7f3k2m`. */
  next(prefix: string): string;
}

/** What is known of the moment a line is about, under short names. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** One line of diagnostics to stderr or a file. Never secrets, never cluster text beyond names. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, facts?: LogFacts) => void;

// ---- Clusters: reading -------------------------------------------------------------------------------------------------

/** A context of a kubeconfig file; nothing in it says whether the cluster is there. */
export interface KubeContext {
  readonly name: ContextName;
  readonly cluster: string;
  readonly user: string;
  readonly server: string;
  /** The context's default namespace, `default` where it names none. */
  readonly namespace: string;
  readonly file: string;
  readonly current: boolean;
  readonly demo: boolean;
  /** As its own file calls it; differs from `name` where two files repeat one. */
  readonly nameInFile: string;
  readonly protected: boolean;
  /** Where it leads, as a short hash (known/place.ts): what is remembered of a context holds while this stays the same. */
  readonly place: string;
  readonly readOnly: boolean;
  readonly color: ContextColor | null;
  readonly group: string | null;
  readonly alias: string | null;
}

export interface KubeconfigReading {
  readonly contexts: readonly KubeContext[];
  readonly problems: readonly { readonly file: string; readonly failure: Failure }[];
  /** Files and folders that were added in the app, as far as they are read. */
  readonly added: readonly string[];
}

/** What the kube worker says about a cluster without being asked. */
export type ClusterNotice =
  | {
      readonly type: 'synced';
      readonly context: ContextName;
      readonly uid: string;
      readonly version: string;
      readonly objects: number;
      readonly gaps: readonly Gap[];
    }
  | { readonly type: 'offline'; readonly context: ContextName; readonly failure: Failure }
  | KnownNotice
  /** The map of a watched context, or what has changed of it; while `followMap` is on. */
  | { readonly type: 'map'; readonly part: MapPart }
  | { readonly type: 'changes'; readonly context: ContextName; readonly changes: readonly Change[] }
  /** A kubeconfig file says something else now. Contexts in `changed` are connected anew where they were connected. */
  | {
      readonly type: 'kubeconfigChanged';
      readonly added: readonly ContextName[];
      readonly removed: readonly ContextName[];
      readonly changed: readonly ContextName[];
      readonly problems: number;
    }
  /** A login runs and asks the person for something; `done` when it is over, with what went wrong as `text`, or nothing. */
  | { readonly type: 'signIn'; readonly context: ContextName; readonly user: string; readonly text: string; readonly done: boolean }
  /** Errors in the logs that have just become news. */
  | { readonly type: 'logNews'; readonly context: ContextName; readonly patterns: readonly LogPattern[] }
  | { readonly type: 'workerCrashed'; readonly message: string };

/** Sent by the kube worker straight into an agent's thread, over the port given to `attach`. */
export type ViewMessage =
  | {
      readonly type: 'changes';
      readonly context: ContextName;
      /** Counts the messages of this context to this agent. */
      readonly version: number;
      /** Kinds whose earlier objects are to be forgotten first: a full list follows in `upserts`. */
      readonly reset: readonly Kind[];
      readonly upserts: readonly KubeObject[];
      readonly removes: readonly { readonly kind: Kind; readonly key: string }[];
      readonly gaps: readonly Gap[];
      /** All declared kinds have been read at least once. Before that a view proves no absence and nothing is diagnosed. */
      readonly synced: boolean;
    }
  | { readonly type: 'gone'; readonly context: ContextName };

/** The kube worker about itself. */
export interface ReadingStats {
  /** Of its thread, in use now. */
  readonly heapBytes: number;
  /** The longest time its loop was kept from other work since this was asked last. */
  readonly longestBlockMs: number;
  /** Connections in the making: now, the most there ever were at once, and those that wait for their turn. */
  readonly connecting: { readonly trying: number; readonly peak: number; readonly waiting: number };
  readonly clusters: readonly {
    readonly context: ContextName;
    readonly objects: number;
    /** Since the cluster was connected: reads of a whole kind, watches begun, changes heard. */
    readonly lists: number;
    readonly watches: number;
    readonly events: number;
    /** Kinds whose watch is down at the moment. */
    readonly interrupted: readonly Kind[];
  }[];
}

/** The kube worker, as the host sees it. Reads only: nothing here can change a cluster. */
export interface Kube {
  /** Reads the kubeconfig files now; makes no connection and runs no plugin. */
  kubeconfig(): Promise<KubeconfigReading>;
  /**
   * Starts watching these kinds (idempotent; more kinds may be added later) and resolves when all were listed once, or with the
   * failure. After a later failure it keeps trying with jittered back-off and says `offline` and `synced` by notice.
   */
  connect(
    context: ContextName,
    kinds: readonly Kind[],
  ): Promise<Outcome<{ readonly uid: string; readonly version: string; readonly objects: number; readonly gaps: readonly Gap[] }>>;
  disconnect(context: ContextName): Promise<void>;
  /** One cheap request, at most 5 s. */
  ping(context: ContextName): Promise<Outcome<{ readonly version: string; readonly ms: number }>>;
  /** Carries out one typed read; the answer, or the failure as a fact. */
  probe(context: ContextName, probe: ClusterProbe): Promise<Fact>;
  /** From now on the thread at the other end gets `ViewMessage`s of these kinds for every watched context, first a full one. */
  attach(agent: string, kinds: readonly Kind[], port: MessagePort): void;
  detach(agent: string): void;
  onNotice(listener: (notice: ClusterNotice) => void): () => void;
  /** How the reading goes, by its own count. */
  stats(): Promise<ReadingStats>;
  /** Rows of a kind as the watch has them. Undefined where the context is not watched, or the kind has not been read to its end. */
  rows(context: ContextName, query: RowsQuery): Promise<RowsAnswer | undefined>;
  /** Says by notice what is not yet remembered of all watched contexts, and resolves when it has been said. */
  flushRows(): Promise<void>;
  /** From now on the map of every watched context is told by notice, first whole; or no longer. Outlives the worker. */
  followMap(on: boolean): void;
  /** Every kind the cluster serves. */
  kinds(context: ContextName, refresh: boolean): Promise<Outcome<Discovered>>;
  table(context: ContextName, ask: TableAsk): Promise<Outcome<TablePage>>;
  /** A whole object; values of Secrets stay behind. */
  object(context: ContextName, ask: ObjectAsk): Promise<Outcome<Json>>;
  kubeEvents(context: ContextName, ask: EventsAsk): Promise<Outcome<{ readonly events: KubeEventRow[]; readonly truncated: boolean }>>;
  /** Helm releases of a cluster or one namespace; what they were told stays behind. */
  helmReleases(context: ContextName, namespace: string | undefined): Promise<Outcome<HelmReleaseRow[]>>;
  helmRelease(context: ContextName, namespace: string, name: string): Promise<Outcome<HelmRelease>>;
  /** What an object has to do with others, as the watch has them; undefined where the context is not watched. */
  related(context: ContextName, ref: ResourceRef): Promise<readonly Relation[] | undefined>;
  /** Patterns of what workloads log, as far as they are followed; one that is asked for by name is followed from now on for a while. */
  logPatterns(context: ContextName, ask: PatternsAsk): Promise<Outcome<{ readonly patterns: LogPattern[]; readonly workloads: number }>>;
  logWatching(context: ContextName): Promise<Outcome<LogWatch>>;
  forgetLogs(context: ContextName): Promise<void>;
  /** Whose logs are followed first, in all contexts. Outlives the worker. */
  wantLogs(wanted: WantedLogs): void;
  /** As fast as it is taken; the last value may be a failure. Ending the iteration ends the reading. */
  logs(selection: LogSelection, signal?: AbortSignal): AsyncGenerator<Outcome<LogItem>, void>;
  /** From now on values of metrics of every watched context go into this port (series/protocol.ts). */
  feed(port: MessagePort, reading: ReadingByContext): void;
  /** Where metrics of a watched context come from. */
  metrics(context: ContextName): Promise<Outcome<ScrapeReport>>;
  /** One GET, for what is read on demand. `path` is an API path. */
  get(context: ContextName, path: string): Promise<Outcome<Json>>;
  close(): Promise<void>;
}

// ---- Clusters: writing -------------------------------------------------------------------------------------------------

/** One mutating request, as data. */
export interface WriteRequest {
  readonly verb: 'patch' | 'create' | 'delete' | 'update';
  readonly target: ResourceRef;
  readonly subresource?: 'scale';
  readonly contentType?:
    'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json' | 'application/json';
  readonly body?: Json;
}

export interface AccessReview {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Asks the cluster what would be; changes nothing (`dryRun=All`, SelfSubjectAccessReview, SelfSubjectRulesReview). */
export interface Rehearser {
  access(context: ContextName, review: AccessReview): Promise<Outcome<{ readonly allowed: boolean; readonly reason: string }>>;
  /** All that may be done in a namespace at once; what it does not list may still be allowed where it is not complete. */
  rules(context: ContextName, namespace: string): Promise<Outcome<AccessRules>>;
  /** The whole object as it is now. */
  read(context: ContextName, ref: ResourceRef): Promise<Outcome<Json>>;
  /** The objects of `ref`'s kind and namespace that carry these labels; `ref.name` is not looked at. */
  list(context: ContextName, ref: ResourceRef, labels: Readonly<Record<string, string>>): Promise<Outcome<readonly Json[]>>;
  /** The object as the server says it would become. */
  dryRun(context: ContextName, request: WriteRequest): Promise<Outcome<Json>>;
}

/** The only handle that can change a cluster. Held by host/road.ts and nobody else. */
export interface Writer extends Rehearser {
  write(context: ContextName, request: WriteRequest): Promise<Outcome<Json>>;
}

// ---- Actions -----------------------------------------------------------------------------------------------------------

/** One file an action type in host/actions: what it sends, what it needs, how it is said and taken back. */
export interface ActionKind<T extends ActionSpec = ActionSpec> {
  readonly type: T['type'];
  /** Access reviews that must be allowed. */
  needs(spec: T): readonly AccessReview[];
  /** The request, the words and the inverse, from the live object(s). Reads, never writes. */
  prepare(spec: T, context: ContextName, rehearser: Rehearser): Promise<Outcome<PreparedAction>>;
}

export interface PreparedAction {
  readonly request: WriteRequest;
  readonly summary: string;
  /** The live object before; null for a create. */
  readonly before: Json;
  readonly undo: string;
  /** The object as it would be, from the server's dry-run answer; null where it would be gone. */
  after(answer: Json): Json;
  /** What takes it back, from the object as it would be; guarded by tests of the values we set. Null where nothing can. */
  inverse(after: Json): readonly ActionSpec[] | null;
}

// ---- Secrets of the app -------------------------------------------------------------------------------------------------

/** Small secrets of the app itself, such as the key of a model's service, each under a name of its own: `[a-z0-9-]`, at most 64. */
export interface Keychain {
  /** `system`: sealed by the keychain of the desktop. `file`: files that only this user may read. */
  readonly keeps: 'system' | 'file';
  /** Undefined where there is none of that name. */
  get(name: string): Promise<Outcome<string | undefined>>;
  set(name: string, secret: string): Promise<Outcome<undefined>>;
  /** Removing what is not there is done, too. */
  remove(name: string): Promise<Outcome<undefined>>;
}

// ---- Store -------------------------------------------------------------------------------------------------------------

export interface ReadableStore extends ReadableKnown {
  /** Newest first. */
  changes(query: ChangeQuery): Promise<readonly Change[]>;
  events(since: number, limit: number): Promise<readonly Envelope[]>;
  lastSeq(): Promise<number>;
  plans(): Promise<readonly Plan[]>;
  plan(id: string): Promise<Plan | undefined>;
  incidents(state: 'open' | 'resolved' | 'all'): Promise<readonly Incident[]>;
  incident(id: string): Promise<Incident | undefined>;
  /** Those that are not over, oldest first. */
  dismissals(): Promise<readonly Dismissal[]>;
  /** Holds the whole log against its chain, its signed marks and the state beside it. */
  audit(): Promise<LogAudit>;
}

/**
 * Append-only log plus the projections that reading needs; one transaction for both, so they cannot disagree. `append` resolves
 * when the entries are durable (fsync), and returns them numbered and chained.
 */
export interface WritableStore extends ReadableStore, WritableKnown {
  /** A memory, not a record: bounded, and what is put again takes the place of what was there. */
  putChanges(changes: readonly Change[]): Promise<void>;
  append(events: readonly HostEvent[]): Promise<readonly Envelope[]>;
  /** Stores the plan as it is now (with its state); used together with the event that changed it. */
  appendWithPlan(events: readonly HostEvent[], plan: Plan): Promise<readonly Envelope[]>;
  appendWithIncident(events: readonly HostEvent[], incident: Incident): Promise<readonly Envelope[]>;
  /** `ended`: ids of dismissals that are over. */
  appendWithDismissals(
    events: readonly HostEvent[],
    dismissals: readonly Dismissal[],
    ended: readonly string[],
  ): Promise<readonly Envelope[]>;
  /** Removes what is older than `before` (RFC 3339) from the beginning of the log, and signs where it begins now. */
  prune(before: string): Promise<{ readonly removed: number; readonly upTo: number | null }>;
  close(): Promise<void>;
}

// ---- The app -----------------------------------------------------------------------------------------------------------

/** Whether the system starts the app when the person logs in. */
export interface SessionStart {
  get(): boolean;
  set(on: boolean): void;
}

export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: WritableStore;
  readonly kube: Kube;
  readonly writer: Writer;
  /** To open shells and tunnels, because a person asked; held by host/interactive.ts and nobody else. */
  readonly interactive: (context: ContextName) => Promise<Outcome<InteractiveTransport>>;
  readonly model: InferencePort;
  /** The models on this machine, and what is set about them. */
  readonly library: ModelLibrary;
  readonly keychain: Keychain;
  /** What makes vectors now; null where no model for it is there. Asked anew each time: another one may have been chosen. */
  readonly embedder: () => Promise<Embedder | null>;
  /** Absolute path or URL of the one thread entry, host/worker.ts (its built form differs by shell). */
  readonly agentThread: URL;
  readonly dataDir: string;
  /** Where the shell can arrange it. */
  readonly sessionStart?: SessionStart | undefined;
  /** What people have said about contexts. */
  readonly marks: MarkBook;
  readonly version: string;
  readonly demo: boolean;
}
