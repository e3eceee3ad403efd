import type { Clock } from '../ports/runtime.ts';

/** Callers that are remembered; the one not heard of for longest is forgotten first. */
const MOST = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** A token bucket for each caller: `burst` calls at once, then `perSecond`. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, { perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Takes one call; where there is none left, the seconds to wait for one, at least 1. */
  take(caller: string): number {
    const bucket = this.#of(caller);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.left) / this.#perSecond));
  }

  #of(caller: string): Bucket {
    const now = this.#clock.now();
    const known = this.#buckets.get(caller) ?? { left: this.#burst, at: now };
    // A clock that is set back gives nothing.
    const gained = (Math.max(0, now - known.at) / 1_000) * this.#perSecond;
    const bucket = { left: Math.min(this.#burst, known.left + gained), at: now };
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
