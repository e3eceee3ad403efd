/**
 * How far a series went out in its separate excursions. A histogram of points cannot tell one fault of fifty points from fifty outliers; here each
 * going out counts once, by the farthest that it reached. What has come before is the way of the series: a compaction, a collector, a long tail.
 */

const BINS = 48;
/** Usual distances from which on it is out. */
export const OUT = 3;
/** Bins to a factor of ten. */
const DENSITY = 16;
/** So many points in a row inside end an excursion. */
const BACK = 5;
/** So much of as far is about as far: what is usual changes, and distances are measured by it. */
const ABOUT = 0.75;

const binOf = (distance: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(Math.log10(distance / OUT) * DENSITY)));

export class Excursions {
  readonly #counts = new Uint16Array(BINS);
  /** Earlier ones that do not count: what came once may have been the first time that it went wrong. */
  readonly #uncounted: number;
  #farthest = 0;
  #inside = 0;

  constructor(uncounted: number) {
    this.#uncounted = uncounted;
  }

  /** The most that going out so far may surprise (-log10 of how often it did) after `seen` points; infinite where it never did. */
  met(distance: number, seen: number): number {
    if (distance <= OUT) return Number.POSITIVE_INFINITY;
    let before = -this.#uncounted;
    for (let i = binOf(ABOUT * distance); i < BINS; i++) before += this.#counts[i]!;
    return before > 0 ? Math.log10(seen / before) : Number.POSITIVE_INFINITY;
  }

  /** `distance`: of the next point, in usual distances. */
  add(distance: number): void {
    if (distance > OUT) {
      this.#farthest = Math.max(this.#farthest, distance);
      this.#inside = 0;
    } else if (this.#farthest > 0 && ++this.#inside >= BACK) {
      const bin = binOf(this.#farthest);
      this.#counts[bin] = Math.min(65_000, this.#counts[bin]! + 1);
      this.#farthest = 0;
    }
  }
}
