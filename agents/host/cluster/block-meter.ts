/**
 * Measures how long the loop of a thread is kept from other work by the thread itself: a timer that should fire every 5 ms, and how late
 * it was, yet no more than the processor time the thread took since, for a loop that waits for a busy machine is not held up by us. It
 * runs while somebody asks, for a timer that fires all day costs a laptop its battery.
 */
const EVERY_MS = 5;
const ASKED_MS = 60_000;

/** Processor time of this thread, in milliseconds. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export class BlockMeter {
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #worked = 0;
  #longest = 0;
  #asked = 0;

  /** Milliseconds, since this was asked last within the last minute. */
  longest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    this.#asked = performance.now();
    if (this.#timer === undefined) {
      this.#last = this.#asked;
      this.#worked = workedMs();
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
    const worked = workedMs();
    this.#longest = Math.max(this.#longest, Math.min(now - this.#last - EVERY_MS, worked - this.#worked));
    this.#last = now;
    this.#worked = worked;
    if (now - this.#asked > ASKED_MS) this.close();
  }
}
