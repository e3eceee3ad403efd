/**
 * Measures how long the loop of a thread is kept from other work: a timer that should fire every 5 ms, and how late it was. It runs
 * while somebody asks, for a timer that fires all day costs a laptop its battery.
 */
const EVERY_MS = 5;
const ASKED_MS = 60_000;

export class BlockMeter {
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #longest = 0;
  #asked = 0;

  /** Milliseconds, since this was asked last within the last minute. */
  longest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    this.#asked = performance.now();
    if (this.#timer === undefined) {
      this.#last = this.#asked;
      this.#timer = setInterval(() => this.#look(), EVERY_MS).unref();
    }
    return Math.round(longest);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - EVERY_MS);
    this.#last = now;
    if (now - this.#asked > ASKED_MS) this.close();
  }
}
