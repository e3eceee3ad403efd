import type { RunningOut } from '../../contract/index.ts';
import { type Forecast, forecast } from './forecast.ts';
import type { Point } from './series-row.ts';
import type { SeriesLabels } from './watch.ts';
import { LIMITED } from './watched.ts';

/** Which series come near their limits. Reading a series back costs most, so only what fills up and is not nearly empty is looked at. */

export interface Candidate {
  readonly signal: string;
  readonly labels: SeriesLabels;
  readonly limitSignal: string;
  readonly limit: number;
  readonly value: number;
  readonly at: number;
  readonly horizons: readonly number[];
  /** At the pace of the last minute or two it is there within ten. */
  readonly hurried: boolean;
}

interface Used {
  readonly signal: string;
  readonly labels: SeriesLabels;
  at: number;
  value: number;
  /** The smallest value of each of the last parts of an hour, oldest first: whether it rises at all. */
  readonly lows: number[];
  part: number;
  /** A minute or two ago: how fast it moves now. */
  before: { readonly at: number; readonly value: number };
  since: { readonly at: number; readonly value: number };
}

/** Below this part of a limit nothing is foretold: a fast rise from there is another one tomorrow. */
export const LEAST_USED = 0.3;
/** And it must have risen by this part of the limit within the hour. */
const LEAST_RISE = 0.003;
const PART_MS = 10 * 60_000;
const PARTS = 6;
const GONE_MS = 10 * 60_000;
const MINUTE = 60_000;
const HURRY_MS = 10 * MINUTE;

const LIMIT_OF = new Map(Object.entries(LIMITED).map(([used, { limit }]) => [limit as string, used]));
const keyOf = (signal: string, labels: SeriesLabels) =>
  `${signal}|${Object.keys(labels)
    .sort()
    .map((label) => `${label}=${labels[label]}`)
    .join('|')}`;

export class LimitWatch {
  readonly #used = new Map<number, Used>();
  /** Which series a limit belongs to, by its number. */
  readonly #limitKeys = new Map<number, string>();
  readonly #limits = new Map<string, number>();
  #newest = Number.NEGATIVE_INFINITY;

  /** @returns whether it is one that may run out. */
  define(number: number, signal: string, labels: SeriesLabels): boolean {
    const used = LIMIT_OF.get(signal);
    if (used !== undefined) this.#limitKeys.set(number, keyOf(used, labels));
    if (!(signal in LIMITED)) return false;
    const at = Number.NEGATIVE_INFINITY;
    const never = { at, value: 0 };
    this.#used.set(number, { signal, labels, at, value: 0, lows: [], part: -1, before: never, since: never });
    return true;
  }

  forget(number: number): void {
    this.#used.delete(number);
    const key = this.#limitKeys.get(number);
    if (key !== undefined) this.#limits.delete(key);
    this.#limitKeys.delete(number);
  }

  take(number: number, at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const limitKey = this.#limitKeys.get(number);
    if (limitKey !== undefined) this.#limits.set(limitKey, value);
    const used = this.#used.get(number);
    if (used === undefined || !(at > used.at)) return;
    if (at > this.#newest) this.#newest = at;
    used.at = at;
    used.value = value;
    if (at - used.since.at >= MINUTE) [used.before, used.since] = [used.since, { at, value }];
    const part = Math.floor(at / PART_MS);
    if (part === used.part) used.lows[used.lows.length - 1] = Math.min(used.lows.at(-1) ?? value, value);
    else {
      used.part = part;
      used.lows.push(value);
      if (used.lows.length > PARTS) used.lows.shift();
    }
  }

  /** What may run out and is worth reading back, the fullest first. */
  candidates(): readonly Candidate[] {
    const found: Candidate[] = [];
    for (const { signal, labels, at, value, lows, before, since } of this.#used.values()) {
      const limit = this.#limits.get(keyOf(signal, labels));
      if (limit === undefined || !(limit > 0) || at < this.#newest - GONE_MS) continue;
      if (value < LEAST_USED * limit || value - Math.min(...lows) < LEAST_RISE * limit) continue;
      const { limit: limitSignal, horizons } = LIMITED[signal as keyof typeof LIMITED]!;
      const from = Number.isFinite(before.at) ? before : since;
      const hurried = value > from.value && (limit - value) * (at - from.at) < HURRY_MS * (value - from.value);
      found.push({ signal, labels, limitSignal, limit, value, at, horizons, hurried });
    }
    return found.sort((a, b) => b.value / b.limit - a.value / a.limit);
  }
}

/** The first horizon within which the limit is reached, if any is. A full one is a fact and no forecast: what tells of it is another's. */
export function foretell(candidate: Candidate, points: readonly Point[]): RunningOut | undefined {
  if (candidate.value >= candidate.limit) return undefined;
  for (const horizon of candidate.horizons) {
    const told = forecast(points, candidate.limit, horizon);
    if (told.exhaustsAt !== null && told.exhaustsAt > candidate.at) return newsOf(candidate, told, told.exhaustsAt);
  }
  return undefined;
}

function newsOf({ signal, labels, limitSignal, limit, value, at }: Candidate, told: Forecast, exhaustsAt: number): RunningOut {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ signal, labels, limitSignal, limit, value },
    at: time(at),
    since: time(told.since ?? at),
    exhaustsAt: time(exhaustsAt),
    earliest: time(Math.max(at, told.earliest ?? exhaustsAt)),
    latest: time(told.latest ?? exhaustsAt),
    confidence: told.confidence,
    because: told.because,
  };
}
