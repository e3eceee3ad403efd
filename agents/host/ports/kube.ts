import type { MessagePort } from 'node:worker_threads';
import type {
  ContextName,
  Fact,
  HelmRelease,
  HelmReleaseRow,
  Json,
  Kind,
  KubeEventRow,
  LogItem,
  LogPattern,
  LogSelection,
  LogWatch,
  Outcome,
  ClusterProbe,
  Relation,
  ResourceRef,
  TablePage,
} from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import type { PatternsAsk } from '../logs/log-follower.ts';
import type { WantedLogs } from '../logs/watch-list.ts';
import type { ReadingByContext } from '../metrics/reading-book.ts';
import type { ScrapeReport } from '../metrics/scraper.ts';
import type { Discovered } from '../cluster/explore/discovery.ts';
import type { EventsAsk, ObjectAsk, TableAsk } from '../cluster/explore/on-demand.ts';
import type { RowsAnswer, RowsQuery } from '../known/known.ts';
import type { KubeconfigReading } from './kubeconfig.ts';
import type { ClusterNotice } from './notices.ts';

/** Clusters, as far as they are read. */

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
  /** Says by notice what changed in a watched context and is still gathered, and resolves when it has been said. */
  flushChanges(context: ContextName): Promise<void>;
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
