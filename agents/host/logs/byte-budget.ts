/** So many bytes a second, with room for a burst. What is taken above it is owed: a large piece is let through and paid for later. */
export class ByteBudget {
  readonly #perMs: number;
  readonly #most: number;
  readonly #clock: () => number;
  #left: number;
  #at: number;

  constructor(bytesPerSecond: number, burst: number, clock: () => number = () => performance.now()) {
    this.#perMs = bytesPerSecond / 1000;
    this.#most = burst;
    this.#clock = clock;
    this.#left = burst;
    this.#at = clock();
  }

  /** Whether there is anything left now. */
  get isOpen(): boolean {
    const now = this.#clock();
    this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
    return this.#left > 0;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }
}

/** The bytes of a log, in whole lines, as far as all the budgets allow: what comes faster is counted and left out. */
export async function* withinBudgets(
  body: AsyncIterable<Buffer>,
  budgets: readonly ByteBudget[],
  count: (read: number, skipped: number) => void,
): AsyncGenerator<Buffer, void> {
  let skipping = false;
  for await (const chunk of body) {
    let rest = chunk;
    if (!budgets.every((b) => b.isOpen)) {
      if (skipping) {
        count(0, chunk.length);
        continue;
      }
      // The line that has begun is read to its end; one that has none here goes on.
      const end = chunk.indexOf(10) + 1;
      if (end > 0) {
        skipping = true;
        rest = chunk.subarray(0, end);
      }
    } else if (skipping) {
      const end = chunk.indexOf(10) + 1;
      rest = end === 0 ? chunk.subarray(chunk.length) : chunk.subarray(end);
      skipping = end === 0;
    }
    count(rest.length, chunk.length - rest.length);
    for (const budget of budgets) budget.take(rest.length);
    if (rest.length > 0) yield rest;
  }
}
