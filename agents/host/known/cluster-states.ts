import type { ContextName, ContextRow, HostEvent, Kind } from '../../contract/index.ts';
import {
  type ClusterCondition,
  type ClusterNews,
  UNKNOWN_CLUSTER,
  asOf,
  isLive,
  nextCondition,
  remembered,
} from '../../core/cluster-state.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import type { KnownCluster, KnownNotice, WritableKnown } from './known.ts';

/** Conditions that changed are stored together, this long after the first of them; all at once when the app closes. */
const STORE_AFTER_MS = 5_000;
const TIDY_EVERY_MS = 86_400_000;

interface Entry {
  /** It said in this run, and since it was last asked for, who it is: what is remembered of it proves nothing about today. */
  verified: boolean;
  condition: ClusterCondition;
  /** Where its context led when this was learned; undefined while nothing was. */
  place: string | undefined;
  unkept: readonly Kind[];
}

interface StatesParts {
  readonly store: WritableKnown;
  readonly clock: Clock;
  readonly log: Log;
  /** Appends to the event log what people want to know of. */
  readonly append: (event: HostEvent) => Promise<void>;
  /** The names of all contexts there are now. */
  readonly configured: () => Promise<readonly ContextName[]>;
}

/**
 * What is known about every cluster, in this run and from before: the one place that says whether one is connected, stale, offline, and
 * as of when. Answers at once, from memory; what it hears is stored in the background.
 */
export class ClusterStates {
  readonly #parts: StatesParts;
  readonly #entries = new Map<ContextName, Entry>();
  readonly #unstored = new Set<ContextName>();
  /** Rows on their way into the store. */
  #storing: Promise<unknown> = Promise.resolve();
  #cancelStore: (() => void) | undefined;
  #cancelTidy: (() => void) | undefined;
  #closed = false;
  #said = '';
  #onRows: (context: ContextName) => void = () => undefined;
  #onLeft: (context: ContextName) => void = () => undefined;

  constructor(parts: StatesParts, known: readonly KnownCluster[]) {
    this.#parts = parts;
    for (const { context, place, uid, version, confirmedAt, seenAt, counts, unkept, failure } of known) {
      const condition = remembered({ uid, version, confirmedAt, seenAt, counts, failure });
      this.#entries.set(context, { verified: false, condition, place, unkept });
    }
    this.#cancelTidy = parts.clock.after(STORE_AFTER_MS, () => this.#tidy());
  }

  /** `place`, where given, is where the context leads now: what was learned elsewhere is not answered. */
  get(context: ContextName, place?: string): ClusterCondition {
    const entry = this.#entries.get(context);
    if (entry === undefined) return UNKNOWN_CLUSTER;
    const moved = place !== undefined && entry.place !== undefined && entry.place !== place;
    if (!moved || isLive(entry.condition.state)) return entry.condition;
    const { state, failure } = entry.condition;
    return state === 'connecting' || failure !== undefined ? { ...UNKNOWN_CLUSTER, state, failure } : UNKNOWN_CLUSTER;
  }

  /** Who the cluster is, as it said itself in this run. */
  verifiedUid(context: ContextName): string | undefined {
    const entry = this.#entries.get(context);
    return entry?.verified === true ? entry.condition.uid : undefined;
  }

  /** Kinds whose stored rows are older than the condition says. */
  unkept(context: ContextName): readonly Kind[] {
    return this.#entries.get(context)?.unkept ?? [];
  }

  live(): readonly ContextName[] {
    return [...this.#entries].filter(([, { condition }]) => isLive(condition.state)).map(([context]) => context);
  }

  /** The part of a context's row that is about its cluster. */
  row({
    name,
    place,
  }: KubeContext): Pick<ContextRow, 'state' | 'stale' | 'asOf' | 'counts' | 'version' | 'lastSeen' | 'objects' | 'failure'> {
    const condition = this.get(name, place);
    const { state, stale, counts, version, seenAt, failure } = condition;
    const now = this.#parts.clock.now();
    const known = condition.confirmedAt !== undefined;
    return {
      state,
      stale: [...stale],
      asOf: timeOf(asOf(condition, now)),
      counts: { ...counts },
      version,
      lastSeen: timeOf(isLive(state) ? now : seenAt),
      objects: known ? Object.values(counts).reduce((sum, n) => sum + n, 0) : null,
      failure: failure ?? null,
    };
  }

  /** Told of a context whose stored rows have changed. */
  onRows(listener: (context: ContextName) => void): void {
    this.#onRows = listener;
  }

  /** Told of a context that is not watched any more, or cannot be. */
  onLeft(listener: (context: ContextName) => void): void {
    this.#onLeft = listener;
  }

  /** Takes in what was heard; resolves when what people want to know of it is in the event log. */
  async hear(context: ContextName, news: ClusterNews): Promise<void> {
    const entry = this.#entry(context);
    const before = entry.condition;
    const after = nextCondition(before, news);
    entry.condition = after;
    if (news.type === 'synced') entry.verified = true;
    if (news.type === 'disconnected') entry.verified = false;
    this.#storeSoon(context);
    if (isLive(before.state) && !isLive(after.state)) this.#onLeft(context);
    const said = after.state !== before.state || (after.state === 'stale' && String(after.stale) !== String(before.stale));
    if (!said) return;
    if (after.state === 'connected')
      await this.#parts.append({ type: 'cluster.connected', context, uid: after.uid, version: after.version ?? 'unknown' });
    else if (after.state === 'stale')
      await this.#parts.append({
        type: 'cluster.wentStale',
        context,
        kinds: [...after.stale],
        since: timeOf(after.confirmedAt) ?? new Date(this.#parts.clock.now()).toISOString(),
      });
    else if (after.failure !== undefined && (after.state === 'offline' || after.state === 'unauthorised'))
      await this.#parts.append({ type: 'cluster.wentOffline', context, failure: after.failure });
  }

  /** What the kube worker says to be remembered. */
  notice(notice: KnownNotice): void {
    const { context, uid, place } = notice;
    const entry = this.#entry(context);
    const { condition } = entry;
    // The last words of a session that was replaced, about a cluster that is another one now.
    if (isLive(condition.state) && condition.uid !== '' && condition.uid !== uid) return;
    if (condition.uid !== uid) entry.condition = { ...condition, uid, counts: {} };
    entry.place = place;
    if (notice.type === 'rows') {
      const { kind, at, parts } = notice;
      this.#storing = this.#parts.store
        .putKnownRows(context, uid, { kind, at, parts })
        .catch((e: unknown) => this.#refused(e))
        .finally(() => this.#onRows(context));
      return;
    }
    entry.unkept = notice.unkept;
    const { seenAt, confirmedAt, counts, stale } = notice;
    void this.hear(context, { type: 'pulse', seenAt, confirmedAt, counts, stale });
  }

  /** Stores what is not stored yet. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTidy?.();
    this.#cancelStore?.();
    await this.#store();
    await this.#storing;
  }

  #entry(context: ContextName): Entry {
    let entry = this.#entries.get(context);
    if (entry === undefined)
      this.#entries.set(context, (entry = { verified: false, condition: UNKNOWN_CLUSTER, place: undefined, unkept: [] }));
    return entry;
  }

  #storeSoon(context: ContextName): void {
    this.#unstored.add(context);
    if (this.#closed) return;
    this.#cancelStore ??= this.#parts.clock.after(STORE_AFTER_MS, () => void this.#store());
  }

  async #store(): Promise<void> {
    this.#cancelStore = undefined;
    const contexts = [...this.#unstored];
    this.#unstored.clear();
    const known = contexts.flatMap((context): KnownCluster[] => {
      const entry = this.#entries.get(context);
      // A cluster that was never reached has nothing to be remembered by.
      if (entry?.place === undefined || entry.condition.uid === '') return [];
      const { uid, version, seenAt, counts, failure } = entry.condition;
      const { place, unkept } = entry;
      const confirmedAt = asOf(entry.condition, this.#parts.clock.now());
      return [{ context, place, uid, version, confirmedAt, seenAt, counts, unkept, failure }];
    });
    if (known.length > 0) await this.#parts.store.putKnownClusters(known).catch((e: unknown) => this.#refused(e));
  }

  #tidy(): void {
    this.#cancelTidy = this.#parts.clock.after(TIDY_EVERY_MS, () => this.#tidy());
    void this.#forgetOld().catch((e: unknown) => this.#refused(e));
  }

  async #forgetOld(): Promise<void> {
    const configured = await this.#parts.configured();
    // Nothing configured is more often a kubeconfig that cannot be read than the end of all clusters.
    if (configured.length === 0) return;
    const dropped = await this.#parts.store.tidyKnown(configured, this.#parts.clock.now());
    for (const context of dropped) {
      const entry = this.#entries.get(context);
      if (entry !== undefined && !isLive(entry.condition.state)) this.#entries.delete(context);
    }
  }

  /** A memory that cannot be written costs nothing but itself; said once for each reason. */
  #refused(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (words === this.#said) return;
    this.#said = words;
    this.#parts.log('warn', `what was read of clusters cannot be remembered: ${words}`);
  }
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
