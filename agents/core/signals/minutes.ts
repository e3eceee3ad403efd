/** Counts of each of the last two hours' minutes. What is older is let go. */

export const MINUTE = 60_000;
export const KEPT_MINUTES = 120;

export class Minutes {
  readonly #counts = new Uint32Array(KEPT_MINUTES);
  /** The newest minute that is held, in minutes since 1970. */
  #newest = 0;

  add(at: number, count: number): void {
    const minute = Math.floor(at / MINUTE);
    if (minute > this.#newest) this.#forward(minute);
    if (minute > this.#newest - KEPT_MINUTES) this.#counts[minute % KEPT_MINUTES]! += count;
  }

  /** Of the minute that many before that of `now`; 0 is the one that is going on. */
  before(now: number, minutes: number): number {
    const minute = Math.floor(now / MINUTE) - minutes;
    return minute > this.#newest || minute <= this.#newest - KEPT_MINUTES || minute < 0 ? 0 : (this.#counts[minute % KEPT_MINUTES] ?? 0);
  }

  /** The last so many minutes, oldest first, the one that is going on included. */
  last(now: number, minutes: number): number[] {
    return Array.from({ length: Math.min(minutes, KEPT_MINUTES) }, (_, i) => this.before(now, Math.min(minutes, KEPT_MINUTES) - 1 - i));
  }

  join(other: Minutes): void {
    for (let minute = other.#newest - KEPT_MINUTES + 1; minute <= other.#newest; minute++)
      if (minute >= 0) this.add(minute * MINUTE, other.#counts[minute % KEPT_MINUTES] ?? 0);
  }

  /** Minute and count of each that has any. */
  toJSON(): (readonly [minute: number, count: number])[] {
    const pairs: [number, number][] = [];
    for (let minute = Math.max(0, this.#newest - KEPT_MINUTES + 1); minute <= this.#newest; minute++) {
      const count = this.#counts[minute % KEPT_MINUTES] ?? 0;
      if (count > 0) pairs.push([minute, count]);
    }
    return pairs;
  }

  static from(pairs: readonly (readonly [minute: number, count: number])[]): Minutes {
    const minutes = new Minutes();
    for (const [minute, count] of pairs) minutes.add(minute * MINUTE, count);
    return minutes;
  }

  #forward(minute: number): void {
    if (minute - this.#newest >= KEPT_MINUTES) this.#counts.fill(0);
    else for (let m = this.#newest + 1; m <= minute; m++) this.#counts[m % KEPT_MINUTES] = 0;
    this.#newest = minute;
  }
}
