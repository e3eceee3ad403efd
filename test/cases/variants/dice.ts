/** Chance that can be played again: the same seed gives the same throws. (mulberry32) */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to below `sides`. */
  throw(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.throw(from.length)];
    if (one === undefined) throw new Error('There is nothing to pick from.');
    return one;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    const out: T[] = [];
    while (left.length > 0) out.push(...left.splice(this.throw(left.length), 1));
    return out;
  }
}
