import { getHeapStatistics } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import type {
  ClusterProbe,
  ContextName,
  Fact,
  HelmRelease,
  HelmReleaseRow,
  Json,
  Kind,
  LogItem,
  LogWatch,
  LogSelection,
  Outcome,
  Relation,
  ResourceRef,
  TablePage,
} from '../../contract/index.ts';
import { runProbe } from '../probes/index.ts';
import type { RowsAnswer, RowsQuery } from '../known/known.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import type { KubeconfigReading } from '../ports/kubeconfig.ts';
import type { ReadingStats } from '../ports/kube.ts';
import { Limiter } from './back-off.ts';
import { BlockMeter } from './block-meter.ts';
import { type ClusterLine, clusterLine } from './cluster-line.ts';
import type { SessionState } from './cluster-session.ts';
import { creditedWriter } from './credited-port.ts';
import type { Discovered } from './explore/discovery.ts';
import { streamLogs } from './explore/log-stream.ts';
import { helmRelease, helmReleases } from './explore/helm.ts';
import { relatedTo } from './explore/related.ts';
import type { EventsAsk, ObjectAsk, OnDemand, TableAsk } from './explore/on-demand.ts';
import type { Credential } from './credential.ts';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import type { KubeTarget, KubeconfigSources } from './kubeconfig.ts';
import { type KubeconfigChange, sameTarget } from './kubeconfig-changes.ts';
import { Following } from './kubeconfig-follow.ts';
import { KubeconfigWatch } from './kubeconfig-watch.ts';
import { fieldOf } from './projecting.ts';
import type { KubeCalls } from './protocol.ts';
import { withoutSecretValues } from './secret-values.ts';
import type { ReadingByContext } from '../metrics/reading-book.ts';
import { Feed } from '../metrics/feed.ts';
import type { ScrapeReport } from '../metrics/scraper.ts';
import { ByteBudget } from '../logs/byte-budget.ts';
import type { LogFollower, PatternsAsk } from '../logs/log-follower.ts';
import type { WantedLogs } from '../logs/watch-list.ts';
import { ViewHub } from './view-hub.ts';
import { onWake } from './wake.ts';
import { WatchedCluster } from './watched-cluster.ts';

const PING_MS = 5_000;
const PINGS_AT_ONCE = 32;
/** How long somebody who asks waits for the first reading of metrics. */
const FIRST_READING_MS = 15_000;
/** What is read of the logs of all clusters together. */
const LOG_BYTES_PER_SECOND = 3 * 2 ** 20;
const LOG_BURST = 12 * 2 ** 20;

/** All clusters of the kube worker: the calls of the host carried out, with read-only transports, and the right to rehearse. */
export class Clusters implements KubeCalls {
  readonly #kubeconfig: KubeconfigWatch;
  readonly #credentials: Credentials;
  readonly #dispatchers: Dispatchers;
  readonly #lines = new Map<ContextName, ClusterLine>();
  readonly #watched = new Map<ContextName, WatchedCluster>();
  readonly #following = new Following();
  readonly #hub = new ViewHub();
  /** Somebody looks at it. */
  #mapping = false;
  readonly #logBudget = new ByteBudget(LOG_BYTES_PER_SECOND, LOG_BURST);
  #wantedLogs: WantedLogs = {};
  #feed: Feed | undefined;
  #reading: ReadingByContext = {};
  readonly #pings = new Limiter(PINGS_AT_ONCE);
  readonly #meter = new BlockMeter();
  readonly #stopWake = onWake(() => this.#wake());
  readonly #notify: (notice: ClusterNotice) => void;

  constructor(sources: KubeconfigSources, notify: (notice: ClusterNotice) => void) {
    this.#kubeconfig = new KubeconfigWatch(sources, (change) => this.#reread(change));
    this.#dispatchers = new Dispatchers(sources.env);
    const { clocks, limit } = this.#dispatchers;
    this.#credentials = new Credentials(sources.env, { clocks, limit, signIn: (said) => this.#notify({ type: 'signIn', ...said }) });
    this.#notify = notify;
  }

  async kubeconfig(): Promise<KubeconfigReading> {
    const { contexts, problems, added } = await this.#kubeconfig.read();
    return { contexts, problems, added };
  }

  async connect(context: ContextName, kinds: readonly Kind[]): Promise<Outcome<SessionState>> {
    await this.#kubeconfig.read();
    const line = await this.#line(context);
    if (!line.ok) return line;
    // Somebody asks again after a failure: a login that was refused may have been renewed.
    const known = this.#watched.get(context);
    if (known === undefined || known.session.offline !== undefined) await this.#credentials.forgive(line.value.target);
    const { session } = this.#watched.get(context) ?? this.#open(context, line.value);
    const outcome = await session.connect([...kinds, ...this.#hub.kinds]);
    // The kubeconfig changed in between: the answer is that of the session which took its place.
    const now = this.#watched.get(context)?.session;
    return now === undefined || now === session ? outcome : now.connect(kinds);
  }

  async disconnect(context: ContextName): Promise<void> {
    this.#following.forget(context);
    this.#credentials.leave(context);
    const kept = this.#close(context);
    this.#lines.delete(context);
    await kept;
  }

  ping(context: ContextName): Promise<Outcome<{ version: string; ms: number }>> {
    return this.#pings.run(async () => {
      const line = await this.#line(context);
      if (!line.ok) return line;
      const started = performance.now();
      const answer = await line.value.transport.get('/version', { timeoutMs: PING_MS, use: 'ping' });
      if (!answer.ok) return answer;
      const version = fieldOf(answer.value, 'gitVersion');
      return {
        ok: true,
        value: { version: typeof version === 'string' ? version : 'unknown', ms: Math.round(performance.now() - started) },
      };
    });
  }

  async probe(context: ContextName, probe: ClusterProbe): Promise<Fact> {
    const line = await this.#line(context);
    return line.ok ? line.value.probes.run(() => runProbe(probe, line.value)) : line;
  }

  get(context: ContextName, path: string): Promise<Outcome<Json>> {
    return this.#asked(context, async ({ transport }) => {
      const answer = await transport.get(path);
      return answer.ok ? { ok: true, value: withoutSecretValues(answer.value) } : answer;
    });
  }

  kinds(context: ContextName, refresh: boolean): Promise<Outcome<Discovered>> {
    return this.#asked(context, ({ onDemand }) => onDemand.discovery.all(refresh));
  }

  table(context: ContextName, ask: TableAsk): Promise<Outcome<TablePage>> {
    return this.#asked(context, ({ onDemand }) => onDemand.table(ask));
  }

  object(context: ContextName, ask: ObjectAsk): Promise<Outcome<Json>> {
    return this.#asked(context, ({ onDemand }) => onDemand.object(ask));
  }

  kubeEvents(context: ContextName, ask: EventsAsk): ReturnType<OnDemand['events']> {
    return this.#asked(context, ({ onDemand }) => onDemand.events(ask));
  }

  helmReleases(context: ContextName, namespace: string | undefined): Promise<Outcome<HelmReleaseRow[]>> {
    return this.#asked(context, ({ transport }) => helmReleases(transport, namespace));
  }

  helmRelease(context: ContextName, namespace: string, name: string): Promise<Outcome<HelmRelease>> {
    return this.#asked(context, ({ transport }) => helmRelease(transport, namespace, name));
  }

  /** Undefined where the context is not watched. */
  related(context: ContextName, ref: ResourceRef): Promise<readonly Relation[] | undefined> {
    const watched = this.#watched.get(context);
    return Promise.resolve(watched === undefined ? undefined : relatedTo(watched.session, ref));
  }

  /** Answers over the port until the logs end or nobody reads any more. */
  async logs(selection: LogSelection, port: MessagePort): Promise<void> {
    const { signal, write, end } = creditedWriter<LogItem>(port);
    const ended = await this.#asked(selection.context, async ({ transport, onDemand: { discovery } }) => {
      const failure = await streamLogs({ transport, discovery, selection, signal, write });
      return failure === undefined ? { ok: true, value: undefined } : { ok: false, failure };
    });
    if (ended.ok) end();
    else end(ended.failure);
  }

  /** What a person asks for; a path that cannot be one is bad input. */
  async #asked<T>(context: ContextName, ask: (line: ClusterLine) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const line = await this.#line(context);
    if (!line.ok) return line;
    try {
      return await ask(line.value);
    } catch (error) {
      return { ok: false, failure: { code: 'bad-input', message: error instanceof Error ? error.message : String(error) } };
    }
  }

  async rows(context: ContextName, query: RowsQuery): Promise<RowsAnswer | undefined> {
    return this.#watched.get(context)?.keeper.page(query);
  }

  followMap(on: boolean): void {
    this.#mapping = on;
    for (const watched of this.#watched.values()) watched.showMap(on);
  }

  feed(port: MessagePort, reading: ReadingByContext): void {
    this.#reading = reading;
    this.#feed?.close();
    this.#feed = new Feed(port);
    for (const watched of this.#watched.values()) this.#fed(watched);
  }

  async metrics(context: ContextName): Promise<Outcome<ScrapeReport>> {
    const scraper = this.#watched.get(context)?.scraper;
    if (scraper === undefined) {
      const message = `Context ${context} is not watched, so no metrics are read of it.`;
      return { ok: false, failure: { code: 'not-found', message, hint: 'Connect it first.' } };
    }
    await scraper.ready(FIRST_READING_MS);
    return { ok: true, value: scraper.report() };
  }

  wantLogs(wanted: WantedLogs): void {
    this.#wantedLogs = wanted;
    for (const [context, { follower }] of this.#watched) follower?.want(new Map(wanted[context]));
  }

  logPatterns(context: ContextName, ask: PatternsAsk): ReturnType<LogFollower['patterns']> {
    return this.#followed(context, (follower) => follower.patterns(ask));
  }

  logWatching(context: ContextName): Promise<Outcome<LogWatch>> {
    return this.#followed(context, async (follower) => ({ ok: true, value: await follower.watching() }));
  }

  forgetLogs(context: ContextName): Promise<void> {
    this.#watched.get(context)?.follower?.forget();
    return Promise.resolve();
  }

  async #followed<T>(context: ContextName, ask: (follower: LogFollower) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const follower = this.#watched.get(context)?.follower;
    if (follower !== undefined) return ask(follower);
    const message = `Context ${context} is not watched, so its logs are not followed.`;
    return { ok: false, failure: { code: 'not-found', message, hint: 'Connect it first.' } };
  }

  async flushRows(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ keeper }) => keeper.flush()));
  }

  flushChanges(context: ContextName): Promise<void> {
    this.#watched.get(context)?.flushChanges();
    return Promise.resolve();
  }

  async credential(context: ContextName, userKey: string): Promise<Outcome<Credential>> {
    const target = await this.#meant(context, userKey);
    return target.ok ? this.#credentials.get(target.value) : target;
  }

  async refuse(context: ContextName, userKey: string, id: string): Promise<boolean> {
    const target = await this.#meant(context, userKey);
    return target.ok && (await this.#credentials.refuse(target.value, { id, renewable: true }));
  }

  stats(): Promise<ReadingStats> {
    const clusters = [...this.#watched.values()].map(({ session }) => ({
      context: session.context,
      objects: session.objects,
      ...session.counts,
      interrupted: session.interrupted(0),
    }));
    return Promise.resolve({
      heapBytes: getHeapStatistics().used_heap_size,
      longestBlockMs: this.#meter.longest(),
      connecting: this.#dispatchers.limit.counts,
      clusters,
    });
  }

  attach(agent: string, kinds: readonly Kind[], port: MessagePort): void {
    for (const { session } of this.#watched.values()) session.watch(kinds);
    this.#hub.attach(agent, kinds, port);
  }

  detach(agent: string): void {
    this.#hub.detach(agent);
  }

  async close(): Promise<void> {
    this.#kubeconfig.close();
    for (const context of [...this.#watched.keys()]) void this.#close(context);
    this.#hub.close();
    this.#meter.close();
    this.#stopWake();
    await Promise.all([this.#credentials.close(), this.#dispatchers.close()]);
  }

  /** What was open may be dead without saying so: it is dropped, and each cluster asked anew. */
  #wake(): void {
    void this.#dispatchers.close();
    for (const { session } of this.#watched.values()) session.wake();
  }

  #open(context: ContextName, line: ClusterLine): WatchedCluster {
    const watched = new WatchedCluster(line, this.#hub, this.#notify);
    this.#watched.set(context, watched);
    if (this.#mapping) watched.showMap(true);
    this.#fed(watched);
    return watched;
  }

  #fed(watched: WatchedCluster): void {
    const { context } = watched.session;
    if (this.#feed === undefined) return;
    watched.feed({
      feed: this.#feed,
      reading: this.#reading[context] ?? {},
      budget: this.#logBudget,
      wantedLogs: this.#wantedLogs[context],
    });
  }

  /** Resolves when what was read has been handed on to be remembered. */
  async #close(context: ContextName): Promise<void> {
    const watched = this.#watched.get(context);
    this.#watched.delete(context);
    await watched?.close();
  }

  /** The way to a context as the kubeconfig has it now. */
  async #line(context: ContextName): Promise<Outcome<ClusterLine>> {
    const target = (await this.#kubeconfig.recent()).target(context);
    if (!target.ok) return target;
    const known = this.#lines.get(context);
    if (known !== undefined && sameTarget(known.target, target.value)) return { ok: true, value: known };
    const line = clusterLine(target.value, this.#credentials, this.#dispatchers);
    this.#lines.set(context, line);
    return { ok: true, value: line };
  }

  /** The target the host has in mind; it reads the same files, and may have done so a moment earlier or later. */
  async #meant(context: ContextName, userKey: string): Promise<Outcome<KubeTarget>> {
    const target = (await this.#kubeconfig.read()).target(context);
    if (!target.ok || target.value.userKey === userKey) return target;
    const message = `Context ${context}: the kubeconfig changed in this very moment, so nobody was logged in.`;
    return { ok: false, failure: { code: 'conflict', message, hint: 'Ask again.' } };
  }

  /** Ends what rests on what the kubeconfig said before, at once, and begins anew with what it says now. */
  #reread(change: KubeconfigChange): void {
    const { gone, again } = this.#following.follow(change, (name) => this.#watched.get(name)?.session.kinds);
    const ended: KubeTarget[] = [];
    for (const name of [...change.removed, ...change.changed]) {
      void this.#close(name);
      const line = this.#lines.get(name);
      this.#lines.delete(name);
      line?.http.end();
      if (line !== undefined) ended.push(line.target);
    }
    // What another context still uses (its user, its connections) is not taken from it.
    const left = [...this.#lines.values()].map((l) => l.target);
    for (const target of ended) {
      const sharing = left.filter((t) => t.userKey === target.userKey);
      if (sharing.length === 0) this.#credentials.forget(target);
      if (!sharing.some((t) => t.cluster.server === target.cluster.server)) void this.#dispatchers.drop(target);
    }
    const { added, removed, changed, after } = change;
    this.#notify({ type: 'kubeconfigChanged', added, removed, changed, problems: after.problems.length });
    for (const { name, failure } of gone) this.#notify({ type: 'offline', context: name, failure });
    for (const { name, kinds } of again) void this.connect(name, kinds);
  }
}
