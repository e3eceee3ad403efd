import type { MessagePort } from 'node:worker_threads';
import type { RefusedSamples, SignalName } from '../../contract/index.ts';
import type { StoredPattern } from '../../core/signals/workload-logs.ts';
import type { LogStore } from '../logs/protocol.ts';
import type { FeedAnswer, FeedMessage, SeriesBatch } from '../series/protocol.ts';

/** The kube worker's end of the way into the store: values of all clusters, each series by a number, and patterns of their logs. */

/** Series that are written at one time, over all clusters: what their open blocks take in memory is bounded by it. */
const MOST_LIVE = 60_000;
const LEAST_SHARE = 3_000;
/** New series of a cluster within an hour: whoever makes more has a label that changes with each request. */
const MOST_NEW_AN_HOUR = 20_000;
const HOUR = 3_600_000;
/** Nothing was heard of it for this long: its number is given back. */
const IDLE_MS = 10 * 60_000;
/** A clock further away than this is not ours. */
const CLOCK_MS = 120_000;

export type SeriesLabels = Readonly<Record<string, string>>;

interface Live {
  readonly number: number;
  /** As the source has it, to know it again. */
  stamp: number;
  heard: number;
}

/** What goes to the store from one cluster. */
export class ClusterFeed {
  readonly refused: Record<keyof RefusedSamples, number> = {
    notANumber: 0,
    negative: 0,
    duplicate: 0,
    late: 0,
    clockApart: 0,
    tooManySeries: 0,
  };
  readonly #feed: Feed;
  readonly #context: string;
  readonly #live = new Map<string, Live>();
  readonly #clock: () => number;
  #defined: [number, SeriesLabels][] = [];
  #gone: number[] = [];
  #numbers: number[] = [];
  #at: number[] = [];
  #values: number[] = [];
  #newSince = 0;
  #new = 0;

  constructor(feed: Feed, context: string, clock: () => number) {
    this.#feed = feed;
    this.#context = context;
    this.#clock = clock;
  }

  get live(): number {
    return this.#live.size;
  }

  /** Clusters whose metrics are read now. */
  get clusters(): number {
    return this.#feed.clusters;
  }

  /** How many series this cluster may have now. */
  get share(): number {
    return Math.max(LEAST_SHARE, Math.floor(MOST_LIVE / Math.max(1, this.#feed.clusters)));
  }

  /** `stamp`: when it was measured, by the clock of who did. False where it is not taken; `refused` counts why. */
  put(signal: SignalName, labels: SeriesLabels, stamp: number, value: number): boolean {
    if (!Number.isFinite(value) || !Number.isFinite(stamp)) return this.#refuse('notANumber');
    if (value < 0) return this.#refuse('negative');
    const live = this.#liveOf(signal, labels);
    if (live === undefined) return this.#refuse('tooManySeries');
    const now = this.#clock();
    live.heard = now;
    if (stamp === live.stamp) return this.#refuse('duplicate');
    if (stamp < live.stamp) this.refused.late++;
    live.stamp = stamp;
    let at = Math.round(stamp);
    if (Math.abs(stamp - now) > CLOCK_MS) {
      this.refused.clockApart++;
      at = now;
    }
    this.#numbers.push(live.number);
    this.#at.push(at);
    this.#values.push(value);
    return true;
  }

  /** The same for what was: no clock is doubted, and nothing is a duplicate. */
  putPast(signal: SignalName, labels: SeriesLabels, at: number, value: number): void {
    if (!Number.isFinite(value) || value < 0) return;
    const live = this.#liveOf(signal, labels);
    if (live === undefined) return void this.#refuse('tooManySeries');
    live.heard = this.#clock();
    this.#numbers.push(live.number);
    this.#at.push(at);
    this.#values.push(value);
  }

  /** Hands on what was put. */
  send(): void {
    this.#forgetIdle();
    if (this.#numbers.length === 0 && this.#defined.length === 0 && this.#gone.length === 0) return;
    this.#feed.send({
      context: this.#context,
      defined: this.#defined,
      gone: this.#gone,
      numbers: Uint32Array.from(this.#numbers),
      at: Float64Array.from(this.#at),
      values: Float64Array.from(this.#values),
    });
    this.#defined = [];
    this.#gone = [];
    this.#numbers = [];
    this.#at = [];
    this.#values = [];
  }

  /** When the newest sample of this cluster in the store is from; undefined where there is none. */
  last(): Promise<number | undefined> {
    return this.#feed.last(this.#context);
  }

  close(): void {
    this.send();
    this.#feed.left(this);
  }

  #refuse(why: keyof RefusedSamples): false {
    this.refused[why]++;
    return false;
  }

  #liveOf(signal: SignalName, labels: SeriesLabels): Live | undefined {
    let key: string = signal;
    for (const name in labels) key += `\n${labels[name]}`;
    const known = this.#live.get(key);
    if (known !== undefined) return known;
    const now = this.#clock();
    if (now - this.#newSince > HOUR) {
      this.#newSince = now;
      this.#new = 0;
    }
    if (this.#live.size >= this.share || this.#new >= MOST_NEW_AN_HOUR) return undefined;
    this.#new++;
    const live: Live = { number: this.#feed.number(), stamp: Number.NEGATIVE_INFINITY, heard: now };
    this.#live.set(key, live);
    this.#defined.push([live.number, { __name__: signal, ...labels }]);
    return live;
  }

  #forgetIdle(): void {
    const before = this.#clock() - IDLE_MS;
    for (const [key, { number, heard }] of this.#live)
      if (heard < before) {
        this.#live.delete(key);
        this.#gone.push(number);
      }
  }
}

export class Feed implements LogStore {
  readonly #port: MessagePort;
  readonly #clock: () => number;
  readonly #feeds = new Set<ClusterFeed>();
  readonly #asking = new Map<string, ((last: number | undefined) => void)[]>();
  readonly #recalling = new Map<number, (rows: readonly StoredPattern[]) => void>();
  #numbers = 0;
  #recalls = 0;

  constructor(port: MessagePort, clock: () => number = Date.now) {
    this.#port = port;
    this.#clock = clock;
    port.on('message', (answer: FeedAnswer) => {
      if ('recalled' in answer) {
        this.#recalling.get(answer.recalled)?.(answer.rows);
        this.#recalling.delete(answer.recalled);
        return;
      }
      for (const tell of this.#asking.get(answer.context) ?? []) tell(answer.last);
      this.#asking.delete(answer.context);
    });
    // Whoever waits for an answer of a thread that fell goes on without it.
    port.on('close', () => {
      for (const tell of this.#recalling.values()) tell([]);
      this.#recalling.clear();
    });
    port.unref();
  }

  get clusters(): number {
    return this.#feeds.size;
  }

  of(context: string): ClusterFeed {
    const feed = new ClusterFeed(this, context, this.#clock);
    this.#feeds.add(feed);
    return feed;
  }

  number(): number {
    return ++this.#numbers;
  }

  send(batch: SeriesBatch): void {
    this.#port.postMessage({ type: 'batch', batch } satisfies FeedMessage, [
      batch.numbers.buffer as ArrayBuffer,
      batch.at.buffer as ArrayBuffer,
      batch.values.buffer as ArrayBuffer,
    ]);
  }

  last(context: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#asking.set(context, [...(this.#asking.get(context) ?? []), resolve]);
      this.#port.postMessage({ type: 'last', context } satisfies FeedMessage);
    });
  }

  keep(context: string, workload: string, rows: readonly StoredPattern[]): void {
    this.#port.postMessage({ type: 'patterns', context, workload, rows } satisfies FeedMessage);
  }

  recall(context: string, workload: string): Promise<readonly StoredPattern[]> {
    return new Promise((resolve) => {
      const id = ++this.#recalls;
      this.#recalling.set(id, resolve);
      this.#port.postMessage({ type: 'recall', id, context, workload } satisfies FeedMessage);
    });
  }

  left(feed: ClusterFeed): void {
    this.#feeds.delete(feed);
  }

  close(): void {
    this.#port.close();
  }
}
