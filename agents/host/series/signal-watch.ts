import type { RunningOut, SignalNews } from '../../contract/index.ts';
import { type Candidate, LimitWatch, foretell } from '../../core/signals/limits.ts';
import { ClusterWatch } from '../../core/signals/watch.ts';
import type { SeriesBatch } from './protocol.ts';
import { READ_BACK_MS, matchersOf, pointsOf } from './read-back.ts';
import type { Labels, SeriesDatabase } from './series-database.ts';

/**
 * Judges what arrives while it is written: detectors live beside the series because giving every value to an agent's thread costs more than
 * judging it. Agents are handed what is unusual, and what runs out.
 */

/** Series that are judged, of all clusters: 9 KB each, so 110 MB. */
const MOST_JUDGED = 12_000;
/** Limits are looked at so often; one look reads back at most so many series of a cluster, the fullest first. */
const LOOK_MS = 60_000;
const MOST_READ_BACK = 60;
/** What is there in minutes is looked at more often, and less far back. */
const HURRIED_MS = 10_000;
const HURRIED_BACK_MS = 40 * 60_000;
const NEAR_MS = 10 * 60_000;
const HOUR = 3_600_000;
/** What is kept of a series is judged before what comes: so much of it, and so long at a time, the rest with the next values. */
const WARM_MS = 6 * HOUR;
const WARM_FOR_MS = 100;
/** Before that its days and weeks, by the quarter of an hour. */
const SEASONS_MS = 14 * 24 * HOUR;
const QUARTER_MS = HOUR / 4;

interface Watching {
  readonly cluster: ClusterWatch;
  readonly limits: LimitWatch;
  /** Of the port the values come from: another port numbers anew. */
  readonly port: object;
  /** Series whose past is still to be judged, by their numbers; what comes of them meanwhile is part of it. */
  readonly cold: Map<number, Labels>;
  /** By series. */
  runningOut: ReadonlyMap<string, RunningOut>;
  looked: number;
  hurried: number;
}

const NOTHING: SignalNews = { unusual: [], runningOut: [], watched: 0, learning: 0, leftOut: 0, at: null };

export class SignalWatch {
  readonly #db: Pick<SeriesDatabase, 'select' | 'id' | 'samples' | 'range'>;
  readonly #watching = new Map<string, Watching>();

  constructor(db: Pick<SeriesDatabase, 'select' | 'id' | 'samples' | 'range'>) {
    this.#db = db;
  }

  /** What a port has sent and is written by now. */
  take(port: object, { context, defined, gone, numbers, at, values }: SeriesBatch): void {
    const watching = this.#of(context, port);
    const { cluster, limits, cold } = watching;
    for (const [number, all] of defined) {
      const { __name__: signal = '', ...labels } = all;
      const judged = cluster.define(number, signal, labels);
      if (limits.define(number, signal, labels) || judged) cold.set(number, all);
    }
    for (let i = 0; i < numbers.length; i++) {
      const [number, time, value] = [numbers[i] ?? 0, at[i] ?? Number.NaN, values[i] ?? Number.NaN];
      if (cold.has(number)) continue;
      cluster.take(number, time, value);
      limits.take(number, time, value);
    }
    for (const number of gone) {
      cluster.forget(number);
      limits.forget(number);
      cold.delete(number);
    }
    const newest = at.length === 0 ? 0 : Math.max(...[at[0] ?? 0, at.at(-1) ?? 0]);
    // What was there before is looked at as soon as it is known.
    if (this.#warm(context, watching, newest)) watching.looked = Number.NEGATIVE_INFINITY;
    if (newest - watching.looked >= LOOK_MS) {
      watching.looked = watching.hurried = newest;
      watching.runningOut = this.#look(context, limits.candidates(), READ_BACK_MS);
    } else if (newest - watching.hurried >= HURRIED_MS) {
      watching.hurried = newest;
      const near = limits
        .candidates()
        .filter((one) => one.hurried)
        .map((one) => ({ ...one, horizons: one.horizons.filter((ms) => ms <= NEAR_MS) }));
      watching.runningOut = new Map([...watching.runningOut, ...this.#look(context, near, HURRIED_BACK_MS)]);
    }
  }

  news(context: string): SignalNews {
    const watching = this.#watching.get(context);
    if (watching === undefined) return NOTHING;
    const runningOut = [...watching.runningOut.values()].sort((a, b) => (a.exhaustsAt < b.exhaustsAt ? -1 : 1));
    return { ...watching.cluster.news(), runningOut };
  }

  forget(context: string): void {
    this.#watching.delete(context);
  }

  #of(context: string, port: object): Watching {
    const known = this.#watching.get(context);
    if (known?.port === port) return known;
    const others = [...this.#watching.keys()].filter((name) => name !== context).length;
    const watching: Watching = {
      cluster: new ClusterWatch(Math.max(500, MOST_JUDGED / (others + 1))),
      limits: new LimitWatch(),
      port,
      cold: new Map(),
      runningOut: new Map(),
      looked: Number.NEGATIVE_INFINITY,
      hurried: Number.NEGATIVE_INFINITY,
    };
    this.#watching.set(context, watching);
    return watching;
  }

  /** What was usual, and what went on, is known again from what is kept: after a start nothing is learned anew that is there. */
  #warm(context: string, { cluster, limits, cold }: Watching, newest: number): boolean {
    if (cold.size === 0) return false;
    const until = performance.now() + WARM_FOR_MS;
    for (const [number, labels] of cold) {
      cold.delete(number);
      for (const { at, sum, count } of this.#db.range(context, labels, newest - SEASONS_MS, newest - WARM_MS, QUARTER_MS))
        cluster.recall(number, at + QUARTER_MS / 2, sum / count);
      const { at, values } = this.#db.samples(this.#db.id(context, labels), labels, newest - WARM_MS, newest);
      for (let i = 0; i < at.length; i++) {
        cluster.take(number, at[i] ?? Number.NaN, values[i] ?? Number.NaN);
        limits.take(number, at[i] ?? Number.NaN, values[i] ?? Number.NaN);
      }
      if (performance.now() > until) break;
    }
    return cold.size === 0;
  }

  #look(context: string, candidates: readonly Candidate[], back: number): ReadonlyMap<string, RunningOut> {
    return new Map(
      candidates.slice(0, MOST_READ_BACK).flatMap((candidate): [string, RunningOut][] => {
        const { signal, labels, at } = candidate;
        const [samples] = this.#db.select(context, matchersOf({ __name__: signal, ...labels }), at - back, at);
        if (samples === undefined) return [];
        const told = foretell(candidate, pointsOf(samples));
        return told === undefined ? [] : [[`${signal} ${JSON.stringify(labels)}`, told]];
      }),
    );
  }
}
