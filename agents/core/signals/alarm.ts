import { AnomalyDetector, type Judgement } from './anomalies.ts';
import type { Watched } from './watched.ts';

/** Something unusual that goes on. Times in milliseconds. */
export interface Alarm {
  readonly since: number;
  readonly low: number;
  readonly high: number;
  readonly score: number;
  readonly trait: Judgement['trait'];
  at: number;
  value: number;
  worst: number;
}

/** A score from which on a point is unusual. */
const UNUSUAL = 0.5;
/** So many points in a row outside what was expected make an alarm: one is an outlier, which nobody need be woken for. */
const CONFIRM = 3;
/** So many points in a row back inside end it. */
const BACK = 4;
/** After this it is the new usual, and whoever minds has been told. */
const ACCEPTED_MS = 12 * 3_600_000;
/** Points before a detector judges anything (anomalies.ts). */
const LEARNED = 24;

/**
 * One series: judged point by point, and told only where it stays unusual. What is expected is held fast when it begins, because the detector
 * itself learns the new level within minutes, while it is an alarm until it is over.
 */
export class SeriesAlarm {
  readonly #watched: Watched;
  readonly #detector = new AnomalyDetector();
  #seen = 0;
  #before = Number.NEGATIVE_INFINITY;
  #suspect: (Alarm & { readonly times: number }) | undefined;
  #open: Alarm | undefined;
  #back = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  get learning(): boolean {
    return this.#seen < LEARNED;
  }

  get open(): Alarm | undefined {
    return this.#open;
  }

  /** Before the first point: what a time of the day and the week brought. */
  recall(at: number, value: number): void {
    if (Number.isFinite(value)) this.#detector.recall(at, value);
  }

  /** Points that come late, twice, or are no numbers are passed over. */
  take(at: number, value: number): void {
    if (!Number.isFinite(value) || !(at > this.#before)) return;
    this.#before = at;
    this.#seen++;
    const judged = this.#detector.next(at, value);
    if (this.#open !== undefined) this.#goOn(this.#open, at, value);
    else this.#look(judged, at, value);
  }

  #look(judged: Judgement, at: number, value: number): void {
    const suspect = this.#suspect;
    if (suspect === undefined) {
      if (judged.score < UNUSUAL || !this.#matters(judged.low, judged.high, value)) return;
      const { low, high, score, trait } = judged;
      this.#suspect = { since: at, at, value, worst: value, low, high, score, trait, times: 1 };
      return;
    }
    if (!this.#matters(suspect.low, suspect.high, value)) {
      this.#suspect = undefined;
      return;
    }
    const { times, ...alarm } = { ...suspect, at, value, worst: farther(suspect, value), score: Math.max(suspect.score, judged.score) };
    if (times + 1 < CONFIRM) this.#suspect = { ...alarm, times: times + 1 };
    else {
      this.#suspect = undefined;
      this.#open = alarm;
      this.#back = 0;
    }
  }

  #goOn(alarm: Alarm, at: number, value: number): void {
    alarm.at = at;
    alarm.value = value;
    alarm.worst = farther(alarm, value);
    this.#back = this.#matters(alarm.low, alarm.high, value) ? 0 : this.#back + 1;
    if (this.#back >= BACK || at - alarm.since > ACCEPTED_MS) this.#open = undefined;
  }

  /** Outside of what was expected, in a direction and by an amount that somebody minds. */
  #matters(low: number, high: number, value: number): boolean {
    const { ways, times, least } = this.#watched;
    const up = value > high && value - high >= least && value >= times * Math.max(0, high);
    const down = value < low && low - value >= least && value * times <= low;
    return (up && ways.includes('up')) || (down && ways.includes('down'));
  }
}

const farther = ({ low, high, worst }: Pick<Alarm, 'low' | 'high' | 'worst'>, value: number): number => {
  const far = (v: number) => Math.max(v - high, low - v);
  return far(value) > far(worst) ? value : worst;
};
