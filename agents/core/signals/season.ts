/** What a time of the hour, the day or the week usually brings, learned as it comes. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

export type Cycle = 'hour' | 'day' | 'week';
const LENGTH: Record<Cycle, number> = { hour: HOUR, day: DAY, week: WEEK };
const SLOTS: Record<Cycle, number> = { hour: 30, day: 96, week: 168 };
/** A slot follows its newest values no slower than this. */
const SLOWEST = 0.15;
const USUAL_ERROR = 0.02;
/** A cycle of fewer points has no shape. */
const FEWEST = 3;

export class Season {
  readonly #cycle: Cycle;
  #mean = new Float32Array(0);
  #spread = new Float32Array(0);
  #seen = new Uint16Array(0);
  #slot = -1;
  /** Where the first slot begins: slots lie so that the points of a regular series fall into their middles, and each has its own. */
  #from = 0;
  /** How far from the season the series is at present: it may be shifted as a whole. */
  #offset = 0;
  /** Mean distance of what it foretold, with the present shift taken into account. */
  error = 0;
  #judged = 0;

  constructor(cycle: Cycle) {
    this.#cycle = cycle;
  }

  /** The usual value at this time without the present shift, or undefined where that was never seen before. */
  usual(at: number): number | undefined {
    const slots = this.#seen.length;
    if (slots === 0) return undefined;
    const place = this.#phaseOf(at) * slots - 0.5;
    const left = (Math.floor(place) + slots) % slots;
    const right = (left + 1) % slots;
    const share = place - Math.floor(place);
    const [a, b] = [this.#mean[left]!, this.#mean[right]!];
    if (this.#full(left) && this.#full(right)) return a + (b - a) * share;
    if (this.#full(left) && share <= 0.5) return a;
    return this.#full(right) && share > 0.5 ? b : undefined;
  }

  foretell(at: number): number | undefined {
    const usual = this.usual(at);
    return usual === undefined ? undefined : usual + this.#offset;
  }

  /** The usual distance from the usual value at this time, undefined while it was seen too seldom. */
  spread(at: number): number | undefined {
    const slot = this.#slotOf(at);
    return slot !== undefined && this.#seen[slot]! >= 3 ? this.#spread[slot] : undefined;
  }

  /** Long enough to be compared with what other ways foretell. */
  get known(): boolean {
    return this.#judged >= 24;
  }

  /** `value` is what may be learned of what came (an outlier cut to what is believable), `interval` the usual one, in milliseconds. */
  learn(at: number, value: number, interval: number): void {
    if (this.#seen.length === 0) this.#open(at, interval);
    const slot = this.#slotOf(at);
    if (slot === undefined) return;
    const foretold = this.foretell(at);
    if (foretold !== undefined) {
      const error = Math.abs(value - foretold);
      this.#judged += 1;
      this.error += (error - this.error) * Math.max(USUAL_ERROR, 1 / this.#judged);
      const rate = Math.max(SLOWEST, 1 / (this.#seen[slot]! + 1));
      this.#spread[slot]! += (error - this.#spread[slot]!) * rate;
      this.#offset += (value - foretold) * 0.2;
    }
    if (slot !== this.#slot) this.#seen[slot] = Math.min(65_000, this.#seen[slot]! + 1);
    const fresh = this.#seen[slot]! <= 1;
    const rate = fresh && slot !== this.#slot ? 1 : Math.max(SLOWEST, 1 / this.#seen[slot]!) * (slot === this.#slot ? 0.5 : 1);
    this.#mean[slot]! += (value - this.#mean[slot]!) * rate;
    this.#slot = slot;
  }

  /** No more slots than points in a cycle; none where a cycle has too few points to have a shape. */
  #open(at: number, interval: number): void {
    const points = LENGTH[this.#cycle] / Math.max(1, interval);
    const slots = points < FEWEST ? 0 : Math.min(SLOTS[this.#cycle], Math.round(points));
    this.#from = at - LENGTH[this.#cycle] / (2 * Math.max(1, slots));
    this.#mean = new Float32Array(slots);
    this.#spread = new Float32Array(slots);
    this.#seen = new Uint16Array(slots);
  }

  #phaseOf(at: number): number {
    const length = LENGTH[this.#cycle];
    const passed = (at - this.#from) % length;
    return (passed < 0 ? passed + length : passed) / length;
  }

  #full(slot: number): boolean {
    return this.#seen[slot]! > 0 && !(slot === this.#slot && this.#seen[slot] === 1);
  }

  #slotOf(at: number): number | undefined {
    const slots = this.#seen.length;
    return slots === 0 ? undefined : Math.min(slots - 1, Math.floor(this.#phaseOf(at) * slots));
  }
}
