import type { Clock } from '../ports/runtime.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock whose time moves only when it is turned. Between two timers everything that was set going gets to its end. */
export class TurnedClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 10, 23, 9)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves on by that many milliseconds; timers fire in their order, each at its time. */
  async turn(ms: number): Promise<void> {
    const until = this.#now + ms;
    await quiet();
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) {
      this.#fire(next);
      await quiet();
    }
    this.#now = until;
    await quiet();
  }

  /** Time passes while the machine sleeps: no timer fires. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Jumps from timer to timer until the promise is settled, at most that far. */
  async until<T>(promise: Promise<T>, mostMs = 3_600_000): Promise<T> {
    const end = this.#now + mostMs;
    let settled = false;
    const mark = () => (settled = true);
    promise.then(mark, mark);
    for (await quiet(); !settled; await quiet()) {
      const next = this.#next();
      if (next === undefined || next.at > end) throw new Error('nothing more happens, and the promise is not settled');
      this.#fire(next);
    }
    return promise;
  }

  #next(): Timer | undefined {
    return [...this.#timers].sort((a, b) => a.at - b.at)[0];
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.run();
  }
}

/** All promises that can go on without time have gone on. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
