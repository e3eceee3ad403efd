/**
 * Between which values a series was a while ago. A slow climb never leaves the range by much, because it takes the range along; held against
 * what was known before it began, it does. Times in milliseconds.
 */

/** Points of a block; the newest whole one and the one that was begun are not yet part of what was known. */
const BLOCK = 120;
const FEWEST_BLOCKS = 2;
/** A steady drift of the past goes on: so many times what it is expected to add is nothing. */
const DRIFT = 1.5;
/** So much history says what a day brings. */
const DAY = 26 * 3_600_000;

interface Range {
  low: number;
  high: number;
}
const nothing = (): Range => ({ low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY });

export class KnownRange {
  readonly #known = nothing();
  #last = nothing();
  #begun = nothing();
  #since = Number.NaN;
  #count = 0;

  /** How far beyond the range the newest values all are, in times that range; 0 where too little is known. */
  beyond(at: number, lowest: number, highest: number): number {
    const { low, high } = this.#known;
    const lag = BLOCK + (this.#count % BLOCK);
    const old = this.#count - lag;
    if (!(high > low) || at - this.#since < DAY || old < FEWEST_BLOCKS * BLOCK) return 0;
    const out = Math.max(lowest - high, low - highest);
    return Math.max(0, out / (high - low) - (DRIFT * lag) / old);
  }

  add(at: number, value: number): void {
    if (this.#count === 0) this.#since = at;
    else if (this.#count % BLOCK === 0) {
      this.#known.low = Math.min(this.#known.low, this.#last.low);
      this.#known.high = Math.max(this.#known.high, this.#last.high);
      this.#last = this.#begun;
      this.#begun = nothing();
    }
    this.#begun.low = Math.min(this.#begun.low, value);
    this.#begun.high = Math.max(this.#begun.high, value);
    this.#count++;
  }
}
