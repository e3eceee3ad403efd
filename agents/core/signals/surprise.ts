/**
 * How unusual a magnitude is for this very series: its own past, kept as a histogram that forgets slowly, with a power law beyond what
 * was seen often. So one configuration serves series that are calm and series that are wild.
 */

const BINS = 56;
const LOWEST = 0.05;
/** Bins to a factor of ten. */
const DENSITY = 16;
/** What is remembered: about so many points, half of them after as many again. */
const MEMORY = 4_000;
/** The share of the past from which on the power law speaks. */
const TAIL = 0.03;
/** The steepest and the flattest tail that is believed, as 1/exponent. */
const STEEPEST = 0.16;
const FLATTEST = 1.2;
/** Points of a normal distribution that stand for the past while there is little of it. */
const PRIOR = 40;
const PRIOR_TAIL = 0.22;

const binOf = (magnitude: number): number =>
  Math.max(0, Math.min(BINS - 1, Math.floor(Math.log10(Math.max(magnitude, LOWEST) / LOWEST) * DENSITY)));
const startOf = (bin: number): number => LOWEST * 10 ** (bin / DENSITY);

export class Surprise {
  readonly #counts = new Float32Array(BINS);
  #total = 0;

  constructor() {
    for (let i = 0; i < 200; i++) this.#counts[binOf(-Math.log(1 - (i + 0.5) / 200) * 0.9)]! += PRIOR / 200;
    this.#total = PRIOR;
  }

  /** -log10 of the share of the past that was at least this large; 0 is usual, 3 is one point in a thousand. */
  of(distance: number): number {
    if (!(distance > LOWEST)) return 0;
    // Further than the past is told apart, further is not rarer.
    const magnitude = Math.min(distance, startOf(BINS));
    const bin = binOf(magnitude);
    const rest = TAIL * this.#total;
    let above = 0;
    let at = BINS - 1;
    while (at > 0 && above + this.#counts[at]! < rest) above += this.#counts[at--]!;
    if (bin <= at) {
      let share = 0;
      for (let i = BINS - 1; i >= bin; i--) share += this.#counts[i]!;
      return -Math.log10(Math.min(1, Math.max(share, 0.5 * rest) / this.#total));
    }
    const threshold = startOf(at + 1);
    let excess = PRIOR_TAIL * PRIOR * TAIL;
    let weight = PRIOR * TAIL;
    for (let i = at + 1; i < BINS; i++) {
      excess += this.#counts[i]! * Math.log(startOf(i + 0.5) / threshold);
      weight += this.#counts[i]!;
    }
    const index = Math.min(FLATTEST, Math.max(STEEPEST, excess / weight));
    const share = Math.max(above, 0.5) / this.#total;
    return -Math.log10(share) + Math.log10(magnitude / threshold) / index;
  }

  add(magnitude: number): void {
    if (!Number.isFinite(magnitude)) return;
    if (this.#total >= MEMORY) {
      for (let i = 0; i < BINS; i++) this.#counts[i]! *= 0.5;
      this.#total *= 0.5;
    }
    this.#counts[binOf(magnitude)]! += 1;
    this.#total += 1;
  }
}
