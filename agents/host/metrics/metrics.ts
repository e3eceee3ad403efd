import type {
  Chart,
  ClusterMetrics,
  ContextName,
  Expected,
  MetricAnswer,
  MetricProfile,
  Outcome,
  Outlook,
  SignalNews,
} from '../../contract/index.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Kube } from '../ports/kube.ts';
import type { ChartAsk } from '../series/chart.ts';
import type { Labels } from '../series/series-database.ts';
import { ReadingBook, type ReadingOf } from './reading-book.ts';
import type { NamedPrometheus } from './prometheus.ts';
import { SeriesStore } from '../series/series-store.ts';

/** Metrics as the app has them: the kube worker reads, the series' thread keeps, and this asks both. */

interface Parts {
  readonly kube: Pick<Kube, 'feed' | 'metrics' | 'onNotice'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
}

export interface MetricQuery {
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly instant: boolean;
  readonly limit: number;
}

/** Who looks at a cluster only for a moment does not have its metrics read. */
const SETTLE_MS = 8_000;
const AGAIN_MS = 2_000;

export const NO_SIGNALS: SignalNews = { unusual: [], runningOut: [], watched: 0, learning: 0, leftOut: 0, at: null };

export class Metrics {
  readonly #parts: Parts;
  readonly #store: SeriesStore;
  readonly #off: (() => void)[] = [];
  readonly #book: ReadingBook;
  #feeding: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#store = new SeriesStore(parts);
    this.#book = new ReadingBook(parts.dataDir);
    this.#off.push(
      parts.kube.onNotice((notice) => {
        if (notice.type === 'synced' && this.#feeding === undefined) this.#soon(SETTLE_MS);
        if (notice.type === 'workerCrashed' && this.#feeding !== undefined) this.#anew();
      }),
      this.#store.onFall(() => this.#anew()),
    );
  }

  /** Where metrics come from, after the first reading where it is about to be. */
  async sources(context: ContextName): Promise<Outcome<ClusterMetrics>> {
    await this.#feed();
    const report = await this.#parts.kube.metrics(context);
    return report.ok ? { ok: true, value: { ...report.value, stored: await this.stored(context) } } : report;
  }

  async stored(context: ContextName): Promise<ClusterMetrics['stored']> {
    const { series, bytes, since } = await this.#store.call('held', context);
    return { series, bytes, since: since === undefined ? null : new Date(since).toISOString() };
  }

  query(context: ContextName, ask: MetricQuery): Promise<Outcome<MetricAnswer>> {
    return this.#store.call('query', context, ask);
  }

  chart(context: ContextName, ask: ChartAsk): Promise<Outcome<Chart>> {
    return this.#store.call('chart', context, ask);
  }

  /** What is foretold of everything with a limit that has these labels. */
  outlook(context: ContextName, labels: Labels): Promise<{ outlooks: Outlook[]; truncated: boolean }> {
    return this.#store.call('outlook', context, { labels, now: this.#parts.clock.now() });
  }

  /** What is unusual now, and what runs out. Nothing is, where no metrics arrive: the thread is not started for that. */
  async signals(context: ContextName): Promise<SignalNews> {
    return this.#feeding === undefined ? NO_SIGNALS : await this.#store.call('signals', context);
  }

  /** The series a selector matches, in figures. */
  profiles(
    context: ContextName,
    match: string,
    from: number,
    to: number,
  ): Promise<Outcome<{ readonly series: readonly MetricProfile[]; readonly truncated: boolean }>> {
    return this.#store.call('profiles', context, match, from, to);
  }

  /** One series, with where it was expected. */
  expected(context: ContextName, match: string, from: number, to: number, points: number): Promise<Outcome<Expected>> {
    return this.#store.call('expected', context, match, from, to, points);
  }

  labels(
    context: ContextName,
    match: string | undefined,
    limit: number,
  ): Promise<Outcome<{ series: readonly Labels[]; truncated: boolean }>> {
    return this.#store.call('labels', context, match, limit);
  }

  async keep(context: ContextName, keeping: { days?: number | undefined; bytes?: number | undefined }): Promise<void> {
    await this.#store.call('keep', context, keeping);
  }

  /** Names the Prometheus of a context, or none; reading begins anew with it. */
  async prometheus(context: ContextName, named: NamedPrometheus | undefined): Promise<void> {
    await this.#set(context, { prometheus: named });
  }

  /** How often a context is read; undefined: as its size has it. Reading begins anew. */
  async pace(context: ContextName, everySeconds: number | undefined): Promise<void> {
    await this.#set(context, { everySeconds });
  }

  /** From now on clusters that are connected are read, at once instead of in a while. */
  begin(): Promise<void> {
    return this.#feed();
  }

  get begun(): boolean {
    return this.#feeding !== undefined;
  }

  forgetLogs(context: ContextName): Promise<number> {
    return this.#store.call('forgetLogs', context);
  }

  forget(context: ContextName): Promise<number> {
    return this.#store.call('forget', context);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    for (const off of this.#off) off();
    await this.#feeding?.catch(() => undefined);
    await this.#store.close();
  }

  async #set(context: ContextName, change: ReadingOf): Promise<void> {
    this.#book.write(context, change);
    this.#feeding = undefined;
    await this.#feed();
  }

  #soon(ms: number): void {
    if (this.#cancel !== undefined || this.#closed) return;
    this.#cancel = this.#parts.clock.after(ms, () => {
      this.#cancel = undefined;
      this.#feed().catch((error: unknown) => this.#parts.log('error', error instanceof Error ? error.message : String(error)));
    });
  }

  #anew(): void {
    this.#feeding = undefined;
    this.#soon(AGAIN_MS);
  }

  #feed(): Promise<void> {
    this.#feeding ??= this.#store.feed().then(
      (port) => this.#parts.kube.feed(port, this.#book.read()),
      (error: unknown) => {
        this.#feeding = undefined;
        throw error;
      },
    );
    return this.#feeding;
  }
}
