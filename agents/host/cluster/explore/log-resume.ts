import type { LogLine } from '../../../contract/index.ts';
import { stampKey } from './log-lines.ts';

/** A second in which more is said may be told in part twice after a cut. */
const MOST_REMEMBERED = 20_000;
/** `2026-11-20T08:15:30` of a stamp. */
const SECOND = 19;

/**
 * Where a log goes on that was read before. A server takes whole seconds: what was said before in that second comes again, and is known
 * by its stamp, which is of nanoseconds, and its text. So nothing is missed and nothing is told twice, also where the two outputs of a
 * container are stamped a little out of order.
 */
export class LogResume {
  /** Of the newest line, as `stampKey` makes it; empty before the first one. */
  #newest: string;
  /** Lines of the second of the newest one. */
  #lately = new Set<number>();

  /** `newest`: up to where it was read by somebody who remembers nothing else of it. */
  constructor(newest = '') {
    this.#newest = newest;
  }

  get newest(): string {
    return this.#newest;
  }

  /** For the query of a request that goes on; undefined where nothing was read. */
  get sinceTime(): string | undefined {
    return this.#newest === '' ? undefined : `${this.#newest.slice(0, SECOND)}Z`;
  }

  /** For a stream that is opened now: whether one of its lines was told before. */
  known(): (line: LogLine) => boolean {
    const [newest, lately] = [this.#newest, this.#lately];
    if (newest === '') return () => false;
    return (line) => {
      const key = stampKey(line.at);
      if (lately.size === 0) return key <= newest;
      const second = key.slice(0, SECOND);
      if (second !== newest.slice(0, SECOND)) return second < newest;
      return lately.has(hashOf(key, line.line));
    };
  }

  take({ at, line }: LogLine): void {
    const key = stampKey(at);
    if (key === '') return;
    if (key.slice(0, SECOND) > this.#newest.slice(0, SECOND)) this.#lately = new Set();
    if (key > this.#newest) this.#newest = key;
    if (this.#lately.size < MOST_REMEMBERED && key.startsWith(this.#newest.slice(0, SECOND))) this.#lately.add(hashOf(key, line));
  }
}

/** 52 bits of a stamp and a line. */
function hashOf(key: string, line: string): number {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (const text of [key, line])
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
      b = Math.imul(b ^ text.charCodeAt(i), 0x5bd1e995);
    }
  return (a >>> 0) * 2 ** 20 + ((b >>> 0) & 0xfffff);
}
