import { useEffect, useState, useSyncExternalStore } from 'react';

/** The time that all charts of a page show. It may be moved many times a second; what is read follows when it rests. */

const HOUR = 3_600_000;
export const SPANS = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR } as const;
export type Span = keyof typeof SPANS;
export const SPAN_WORDS: Readonly<Record<Span, string>> = { '1h': '1 hour', '6h': '6 hours', '24h': '24 hours', '7d': '7 days' };

export interface Shown {
  readonly span: Span;
  readonly from: number;
  readonly to: number;
  /** It ends now, and goes on. */
  readonly follows: boolean;
}

const REST_MS = 150;
/** How often what follows is read again: no source is read more often. */
const TURN_MS = 15_000;

export class TimeWindow {
  #shown: Shown;
  #settled: Shown;
  readonly #movers = new Set<() => void>();
  readonly #readers = new Set<() => void>();
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(span: Span, now: number) {
    this.#shown = this.#settled = { span, from: now - SPANS[span], to: now, follows: true };
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** What is to be read: as shown, once it has rested. */
  readonly settled = (): Shown => this.#settled;

  readonly onMove = (moved: () => void): (() => void) => {
    this.#movers.add(moved);
    return () => this.#movers.delete(moved);
  };

  readonly onRest = (rested: () => void): (() => void) => {
    this.#readers.add(rested);
    return () => this.#readers.delete(rested);
  };

  choose(span: Span, now: number): void {
    const to = this.#shown.follows ? now : this.#shown.to;
    this.#put({ span, from: to - SPANS[span], to, follows: this.#shown.follows }, 0);
  }

  /** Milliseconds later, or earlier; never beyond now. */
  move(by: number, now: number): void {
    const { span, to } = this.#shown;
    const next = Math.min(now, to + by);
    this.#put({ span, from: next - SPANS[span], to: next, follows: next === now && by > 0 }, REST_MS);
  }

  toNow(now: number): void {
    const { span } = this.#shown;
    this.#put({ span, from: now - SPANS[span], to: now, follows: true }, 0);
  }

  tick(now: number): void {
    if (this.#shown.follows) this.toNow(now);
  }

  close(): void {
    clearTimeout(this.#resting);
  }

  #put(shown: Shown, rest: number): void {
    this.#shown = shown;
    for (const moved of this.#movers) moved();
    clearTimeout(this.#resting);
    const settle = () => {
      this.#settled = this.#shown;
      for (const rested of this.#readers) rested();
    };
    if (rest === 0) settle();
    else this.#resting = setTimeout(settle, rest);
  }
}

/** A window for one page; it goes on with the time while somebody looks. */
export function useTimeWindow(span: Span): TimeWindow {
  const [window] = useState(() => new TimeWindow(span, Date.now()));
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && window.tick(Date.now()), TURN_MS);
    return () => {
      clearInterval(timer);
      window.close();
    };
  }, [window]);
  return window;
}

export const useSettled = (window: TimeWindow): Shown => useSyncExternalStore(window.onRest, window.settled);
