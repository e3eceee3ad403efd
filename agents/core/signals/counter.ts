/**
 * A series that only ever rises is a counter; where it falls to next to nothing the process that counts began anew, as Prometheus takes it for
 * its rates. Put end to end its lives are one series, in which a new start is nothing and a count that stands still or runs away is.
 */

/** Rises, and no fall, that make a counter. */
const FEWEST_RISES = 24;
/** Of what it had counted, the most that is a new start; what falls less far is no counter. */
const ANEW = 0.05;

export class Counter {
  #rises = 0;
  #fell = false;
  #before = Number.NaN;
  /** What the lives before this one had counted. */
  base = 0;

  /** Takes the next value into account; `base` is then what it is to be added to. */
  take(value: number): void {
    if (value > this.#before) this.#rises += 1;
    else if (value < this.#before && !this.#fell) {
      if (this.#rises >= FEWEST_RISES && value >= 0 && value <= ANEW * this.#before) this.base += this.#before;
      else this.#fell = true;
    }
    this.#before = value;
  }
}
