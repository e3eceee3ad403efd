import type { LogLine } from '../../contract/index.ts';
import { unwrapped } from '../../core/signals/log-wrapping.ts';
import { StackLines } from '../../core/signals/stack-lines.ts';

/** A line with the stack trace under it. */
export interface Gathered {
  readonly first: LogLine;
  readonly trace: readonly string[];
}

const MOST_TRACE = 100;
const LONGEST = 2_000;

/** Gathers lines of one container into events: a trace belongs to the line above it. The last one waits until something follows. */
export class GatheredEvents {
  #stack = new StackLines();
  #open: { first: LogLine; trace: string[]; came: number } | undefined;

  /** The event that is whole now that this line came. */
  take(line: LogLine, now: number): Gathered | undefined {
    const open = this.#open;
    const { text } = unwrapped(line.line);
    if (this.#stack.continues(text) && open !== undefined) {
      if (open.trace.length < MOST_TRACE && text.trim() !== '') open.trace.push(text.slice(0, LONGEST));
      open.came = now;
      return undefined;
    }
    this.#open = { first: { ...line, line: text }, trace: [], came: now };
    return open;
  }

  /** The one that waits, where nothing has followed since `before`. */
  flush(before = Infinity): Gathered | undefined {
    const open = this.#open;
    if (open === undefined || open.came > before) return undefined;
    this.#open = undefined;
    if (before === Infinity) this.#stack = new StackLines();
    return open;
  }
}
