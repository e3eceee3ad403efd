import { type SignalNews, type Unusual, unitOf, valueWords } from '../../contract/index.ts';
import { SeriesAlarm } from './alarm.ts';
import { type Watched, watchedAs } from './watched.ts';

/** All judged series of one cluster. It is given every value that is stored and keeps only what the detectors need. */

export type SeriesLabels = Readonly<Record<string, string>>;

/** Nothing new of a series for so long: it is gone, and so is its alarm. */
const GONE_MS = 10 * 60_000;

interface Judged {
  readonly signal: string;
  readonly labels: SeriesLabels;
  readonly alarm: SeriesAlarm;
  heard: number;
}

export class ClusterWatch {
  readonly #most: number;
  readonly #judged = new Map<number, Judged>();
  #leftOut = 0;
  #newest = Number.NEGATIVE_INFINITY;

  /** `most`: series that are judged at most; each takes about 9 KB. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A series has this number from now on. @returns whether it is judged. */
  define(number: number, signal: string, labels: SeriesLabels): boolean {
    const watched = watchedAs(signal, labels);
    if (watched === undefined) return false;
    if (this.#judged.size >= this.#roomFor(watched)) {
      this.#leftOut++;
      return false;
    }
    this.#judged.set(number, { signal, labels, alarm: new SeriesAlarm(watched), heard: Number.NEGATIVE_INFINITY });
    return true;
  }

  /** What a series was like at a time long ago. */
  recall(number: number, at: number, value: number): void {
    this.#judged.get(number)?.alarm.recall(at, value);
  }

  forget(number: number): void {
    this.#judged.delete(number);
  }

  take(number: number, at: number, value: number): void {
    if (at > this.#newest) this.#newest = at;
    const judged = this.#judged.get(number);
    if (judged === undefined) return;
    judged.heard = at;
    judged.alarm.take(at, value);
  }

  /** What is unusual now, the rarest first. */
  news(): Omit<SignalNews, 'runningOut'> {
    const unusual: Unusual[] = [];
    let learning = 0;
    for (const { signal, labels, alarm, heard } of this.#judged.values()) {
      if (alarm.learning) learning++;
      const open = alarm.open;
      if (open === undefined || heard < this.#newest - GONE_MS) continue;
      const { since, at, ...seen } = open;
      unusual.push({ signal, labels, since: timeOf(since), at: timeOf(at), ...seen, silentWhen: silentWhen(signal, seen) });
    }
    unusual.sort((a, b) => b.score - a.score || (a.since < b.since ? -1 : 1));
    return {
      unusual,
      watched: this.#judged.size,
      learning,
      leftOut: this.#leftOut,
      at: Number.isFinite(this.#newest) ? timeOf(this.#newest) : null,
    };
  }

  /** Where there are too many series for all, those that users would notice first keep their room. */
  #roomFor({ rank }: Watched): number {
    return this.#most * Math.max(0.2, 1 - 0.2 * rank);
  }
}

const timeOf = (at: number): string => new Date(at).toISOString();

function silentWhen(signal: string, { value, high, low }: Pick<Unusual, 'value' | 'high' | 'low'>): string {
  const bound = value > high ? `below ${inUnit(signal, high)}` : `above ${inUnit(signal, low)}`;
  return `four readings in a row ${bound}, or twelve hours as it is now`;
}

/** A value of a signal with its unit, as people say it: "1.5 s", "340 MiB". */
export const inUnit = (signal: string, value: number): string => valueWords(unitOf(signal), value);
