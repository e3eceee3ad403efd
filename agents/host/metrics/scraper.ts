import type { ClusterMetrics, MetricSource, SourceKind } from '../../contract/index.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { MetricsTransport } from '../cluster/metrics-transport.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import type { ClusterFeed, Feed } from './feed.ts';
import { backFill } from './back-fill.ts';
import { gapsOf } from './gaps.ts';
import { Owners } from './owners.ts';
import { readKubeletSources } from './read-kubelets.ts';
import type { Prometheus } from './prometheus.ts';
import type { ReadingOf } from './reading-book.ts';
import { findPrometheus, readPrometheus } from './read-prometheus.ts';
import { RequestRates } from './request-rates.ts';
import { Certificates } from './sources/certificates.ts';
import { readApiServer, readTargets } from './sources/exposed.ts';
import { readMetricsApi } from './sources/metrics-api.ts';
import { all, readObjects } from './sources/objects.ts';
import { type Monitor, type Target, readMonitors, targetsOf } from './targets.ts';
import { type SourceNews, Turn } from './turn.ts';

/** Reads the metrics of one cluster, turn after turn, from all sources there are, as long as it is watched. */

export type ScrapeReport = Omit<ClusterMetrics, 'stored'>;

interface Parts {
  readonly session: ClusterSession;
  readonly transport: MetricsTransport;
  /** For the ping, which every user may do. */
  readonly reads: ReadOnlyTransport;
  readonly feed: Feed;
  /** What a person has set: the Prometheus of this context, how often it is read. */
  readonly set?: ReadingOf;
  readonly clock?: () => number;
}

const SMALL_MS = 15_000;
const LARGE_MS = 30_000;
const SMALL_PODS = 500;
const FIRST_MS = 2_000;
const NOT_YET_MS = 1_000;
const PING_MS = 5_000;
const DISCOVER_MS = 5 * 60_000;
const TARGETS_MS = 10_000;
/** Of workloads' own metrics in one turn, the others come in turn. */
const TARGETS_A_TURN = 40;
/** The API server's own metrics are some megabytes. */
const API_SERVER_TURNS = 4;
/** A pause this long was one of this machine: what was meanwhile is asked of a Prometheus. */
const PAUSE_MS = 3 * 60_000;
/** Series that a pod has of its own, about. */
const SERIES_A_POD = 10;

/** As a person has set it; a large cluster is not read more often than each can be read. */
const everyOf = (pods: number, set: number | undefined): number =>
  set === undefined ? (pods <= SMALL_PODS ? SMALL_MS : LARGE_MS) : Math.max(set * 1_000, pods <= SMALL_PODS ? 0 : SMALL_MS);

export class Scraper {
  readonly #parts: Parts;
  readonly #feed: ClusterFeed;
  readonly #clock: () => number;
  readonly #owners: Owners;
  readonly #sources = new Map<string, MetricSource>();
  readonly #closing = new AbortController();
  readonly #kubelets = { bytes: new Map<string, number>(), resting: new Map<string, number>(), next: 0 };
  readonly #rates = new RequestRates();
  readonly #certificates = new Certificates();
  #discovered = Number.NEGATIVE_INFINITY;
  #targeted = Number.NEGATIVE_INFINITY;
  #monitors: readonly Monitor[] = [];
  /** Pods or Services came or went since targets were looked for. */
  #moved = false;
  #targets: readonly Target[] = [];
  #nextTarget = 0;
  #prometheus: Prometheus | undefined;
  #filling: Promise<void> | undefined;
  #lastTurn = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #turns = 0;
  #everyMs = SMALL_MS;
  #keepsPods = true;
  #first: (() => void)[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? Date.now;
    this.#feed = parts.feed.of(parts.session.context);
    this.#owners = new Owners(parts.session);
    // Not all clusters in the same moment.
    this.#in(Math.random() * FIRST_MS);
  }

  changed(kind: string, key: string): void {
    this.#owners.changed(kind, key);
    if (kind === 'Pod' || kind === 'Service') this.#moved = true;
  }

  /** Resolves after the first reading, or when `ms` are over. */
  async ready(ms: number): Promise<void> {
    if (this.#turns > 0) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise<void>((r) => this.#first.push(r)), new Promise((r) => (timer = setTimeout(r, ms)))]);
    clearTimeout(timer);
  }

  report(): ScrapeReport {
    const sources = [...this.#sources.values()];
    const refused = { ...this.#feed.refused };
    return {
      context: this.#parts.session.context,
      sources,
      gaps: gapsOf({ sources, refused, keepsPods: this.#keepsPods, share: this.#feed.share }),
      refused,
      live: this.#feed.live,
      everySeconds: this.#everyMs / 1000,
    };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
    this.#feed.close();
    for (const tell of this.#first.splice(0)) tell();
  }

  #in(ms: number): void {
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#go(), ms);
    this.#timer.unref();
  }

  async #go(): Promise<void> {
    const { session } = this.#parts;
    if (session.offline !== undefined || !session.kinds.includes('Pod') || !session.isSettled(session.kinds)) return this.#in(NOT_YET_MS);
    const begun = performance.now();
    try {
      await this.#turn();
    } catch (error) {
      // One turn is lost, and said; what is read next does not rest on it.
      this.#note({
        kind: 'objects',
        name: 'a reading',
        state: 'failing',
        samples: 0,
        because: error instanceof Error ? error.message : String(error),
      });
    }
    this.#turns++;
    for (const tell of this.#first.splice(0)) tell();
    this.#in(Math.max(1_000, this.#everyMs - (performance.now() - begun)));
  }

  async #turn(): Promise<void> {
    const { session, transport } = this.#parts;
    const now = this.#clock();
    const pods = this.#owners.pods();
    this.#everyMs = everyOf(pods.size, this.#parts.set?.everySeconds);
    this.#keepsPods = pods.size * SERIES_A_POD <= this.#feed.share;
    const turn = new Turn({
      now,
      transport,
      feed: this.#feed,
      owners: this.#owners,
      pods,
      keepsPods: this.#keepsPods,
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(LARGE_MS - 2_000)]),
    });
    const last = now - this.#lastTurn > PAUSE_MS ? await this.#feed.last() : undefined;
    const paused = now - this.#lastTurn > PAUSE_MS;
    this.#lastTurn = now;
    this.#note(readObjects(turn, session));
    await this.#ping(turn);
    const nodes = [...all(session, 'Node')].map((node) => node.metadata.name);
    const { news, measured } = await readKubeletSources(turn, nodes, this.#kubelets);
    for (const one of news) this.#note(one);
    await this.#discover(turn);
    if (measured.size < nodes.length || nodes.length === 0) {
      const metricsApi = await readMetricsApi(turn, measured);
      this.#note(metricsApi);
      if (metricsApi.state !== 'used' && measured.size === 0 && this.#prometheus !== undefined)
        this.#note(await readPrometheus(turn, this.#prometheus, nodes));
    } else
      this.#note({
        kind: 'metricsApi',
        name: 'metrics.k8s.io',
        state: 'standby',
        samples: 0,
        because: 'the kubelets say the same, and more',
      });
    for (const one of await readTargets(turn, this.#someTargets(), this.#targets, this.#rates)) this.#note(one);
    if (this.#turns % API_SERVER_TURNS === 0) this.#note(await readApiServer(turn, this.#rates));
    await this.#certificates.read(turn, session, this.#parts.reads);
    this.#rates.finish(turn);
    turn.finish();
    this.#feed.send();
    if (paused && this.#prometheus !== undefined) this.#fill(this.#prometheus, nodes, now, last);
  }

  async #discover(turn: Turn): Promise<void> {
    if (turn.now - this.#discovered < DISCOVER_MS) {
      if (this.#moved && turn.now - this.#targeted >= TARGETS_MS) this.#target(turn.now);
      return;
    }
    this.#discovered = turn.now;
    const { session, transport, reads, set } = this.#parts;
    this.#monitors = await readMonitors(reads);
    this.#target(turn.now);
    const { prometheus, news } = await findPrometheus(session, transport, set?.prometheus, turn.signal);
    this.#prometheus = prometheus;
    for (const one of news) this.#note(one);
    if (prometheus !== undefined) {
      const because = 'the cluster says what is now; what was before comes from it';
      this.#note({ kind: 'prometheus', name: prometheus.name, state: 'standby', samples: 0, because });
    }
  }

  /** The pods of a rollout are read as soon as they are there. */
  #target(now: number): void {
    this.#targets = targetsOf(this.#parts.session, this.#monitors);
    this.#targeted = now;
    this.#moved = false;
  }

  #someTargets(): readonly Target[] {
    const count = Math.min(TARGETS_A_TURN, this.#targets.length);
    const some = Array.from({ length: count }, (_, i) => this.#targets[(this.#nextTarget + i) % this.#targets.length]!);
    this.#nextTarget = count === 0 ? 0 : (this.#nextTarget + count) % this.#targets.length;
    return some;
  }

  /** Beside the turns, for it may take a while. */
  #fill(prometheus: Prometheus, nodes: readonly string[], now: number, last: number | undefined): void {
    const parts = { prometheus, nodes, now, last, feed: this.#feed, owners: this.#owners, keepsPods: this.#keepsPods };
    this.#filling ??= backFill({ ...parts, signal: this.#closing.signal })
      .then((filled) => {
        if (filled === undefined) return;
        const { samples, from, because } = filled;
        const since = new Date(from).toISOString();
        this.#note({
          kind: 'prometheus',
          name: prometheus.name,
          state: because === undefined ? 'used' : 'failing',
          samples,
          because: because ?? `filled in what was since ${since}`,
        });
      })
      .finally(() => (this.#filling = undefined));
  }

  async #ping(turn: Turn): Promise<void> {
    const begun = performance.now();
    const answer = await this.#parts.reads.get('/version', { timeoutMs: PING_MS, use: 'ping' });
    if (answer.ok) turn.put('apiserver_ping_seconds', {}, Math.round(performance.now() - begun) / 1000);
  }

  #note({ kind, name, state, samples, because, needs }: SourceNews): void {
    const key: `${SourceKind} ${string}` = `${kind} ${name}`;
    const before = this.#sources.get(key)?.lastAt ?? null;
    const lastAt = state === 'used' ? new Date(this.#clock()).toISOString() : before;
    this.#sources.set(key, { kind, name, state, samples, because, needs: needs ?? null, lastAt });
  }
}
