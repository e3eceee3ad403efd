import { Excursions } from './excursions.ts';
import { Surprise } from './surprise.ts';

/**
 * Points in a row off on the same side: each alone may be nothing, together they are rare. The run is as far out as its nearest point, and is
 * held against the runs of this very series, so that one whose points hang together is not taken for one that went wrong.
 */
export class Runs {
  readonly #two = new Surprise();
  readonly #three = new Surprise();
  readonly #excursions = new Excursions(1);
  #before = 0;
  #earlier = 0;

  /**
   * `off`: how far the newest of `seen` points is from what was expected, in usual distances and with its sign; `learns`: whether it becomes
   * part of what is usual. How surprising the run is.
   */
  next(off: number, seen: number, learns = true): number {
    const two = nearest(off, this.#before);
    const three = Math.min(two, nearest(off, this.#earlier));
    [this.#earlier, this.#before] = [this.#before, off];
    const surprise = Math.min(this.#excursions.met(two, seen), Math.max(this.#two.of(two), this.#three.of(three)));
    this.#excursions.add(two);
    if (learns) {
      this.#two.add(two);
      this.#three.add(three);
    }
    return surprise;
  }
}

/** The nearer of two is about half as far out as one, which is what a fresh `Surprise` takes for usual. */
const LIKE_ONE = 2;

const nearest = (a: number, b: number): number => (Math.sign(a) === Math.sign(b) ? LIKE_ONE * Math.min(Math.abs(a), Math.abs(b)) : 0);
