/** Who waits for an answer goes before work that nobody watches. */
export const PRIORITIES = ['person', 'agent', 'background'] as const;
export type Priority = (typeof PRIORITIES)[number];

interface Waiting {
  readonly rank: number;
  readonly begin: () => void;
}

/** So many at a time; of those that wait the more urgent first, and among equals the one that came first. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Undefined: it was given up before its turn came. */
  async take<T>(priority: Priority, signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
    if (signal.aborted || !(await this.#turn(PRIORITIES.indexOf(priority), signal))) return undefined;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #turn(rank: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        resolve(false);
      };
      const one: Waiting = {
        rank,
        begin: () => {
          signal.removeEventListener('abort', leave);
          this.#running += 1;
          resolve(true);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const behind = this.#waiting.findIndex((w) => w.rank > rank);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, one);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#atOnce) {
      const one = this.#waiting.shift();
      if (one === undefined) return;
      one.begin();
    }
  }
}
