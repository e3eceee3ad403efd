const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

/** Pauses that double from 0.5 s to 30 s, each between half and the whole of it by chance, so that many waiters do not come at once. */
export class BackOff {
  readonly #random: () => number;
  #next = SHORTEST_MS;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Milliseconds to wait now. */
  take(): number {
    const ms = this.#next * (0.5 + this.#random() / 2);
    this.#next = Math.min(this.#next * 2, LONGEST_MS);
    return ms;
  }

  reset(): void {
    this.#next = SHORTEST_MS;
  }
}

/** Lets at most so many run at once, the others in the order in which they came. */
export class Limiter {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
