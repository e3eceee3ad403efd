import type { LogLine } from '../../../contract/index.ts';
import { stampKey } from './log-lines.ts';

/** While following, a line waits this long for an earlier one of a stream that is silent. */
const LAG_MS = 300;
const MOST_LINES = 500;

interface Source {
  readonly lines: AsyncIterator<LogLine, void>;
  head: { readonly line: LogLine; readonly key: string; readonly came: number } | undefined;
  pulling: boolean;
  ended: boolean;
}

/**
 * Many streams of lines as one, ordered by time. Of each stream one line is held, so that what is not taken waits where it comes from.
 * Streams may be added while it runs. Without `follow` the order is strict; with it, a stream that says nothing holds up the others
 * for 300 ms at most.
 */
export class LogMerge {
  readonly #follow: boolean;
  readonly #sources = new Set<Source>();
  #open = true;
  #wake: (() => void) | undefined;
  /** Something happened since it was last looked at: no rest before it is looked at again. */
  #rung = false;

  constructor(follow: boolean) {
    this.#follow = follow;
  }

  add(lines: AsyncIterable<LogLine>): void {
    this.#sources.add({
      lines: lines[Symbol.asyncIterator]() as AsyncIterator<LogLine, void>,
      head: undefined,
      pulling: false,
      ended: false,
    });
    this.#ring();
  }

  /** No more streams will be added: it ends with the last of them. */
  close(): void {
    this.#open = false;
    this.#ring();
  }

  /** Lines in their order, many at a time where many are there. */
  async *batches(signal: AbortSignal): AsyncGenerator<LogLine[], void> {
    const ring = (): void => this.#ring();
    signal.addEventListener('abort', ring, { once: true });
    let batch: LogLine[] = [];
    while (!signal.aborted) {
      this.#rung = false;
      for (const source of this.#sources) this.#pull(source);
      const next = this.#next();
      if (typeof next === 'object') {
        batch.push(next.line);
        if (batch.length < MOST_LINES) continue;
        yield batch;
        batch = [];
        continue;
      }
      // Whatever can come without waiting for the network comes first.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#rung) continue;
      if (batch.length > 0) {
        yield batch;
        batch = [];
        continue;
      }
      if (!this.#open && this.#sources.size === 0) return;
      await this.#rest(next);
    }
  }

  #ring(): void {
    this.#rung = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  #pull(source: Source): void {
    if (source.pulling || source.ended || source.head !== undefined) return;
    source.pulling = true;
    void source.lines.next().then(
      (result) => {
        source.pulling = false;
        if (result.done === true) source.ended = true;
        else source.head = { line: result.value, key: stampKey(result.value.at), came: performance.now() };
        if (source.ended) this.#sources.delete(source);
        this.#ring();
      },
      () => {
        // Why a stream broke off is said by whoever opened it.
        this.#sources.delete(source);
        this.#ring();
      },
    );
  }

  /** The earliest line, if it may go; else how long it still has to wait, milliseconds. */
  #next(): { readonly line: LogLine } | number {
    let first: Source | undefined;
    let silent = false;
    for (const source of this.#sources) {
      if (source.head === undefined) silent = true;
      else if (first?.head === undefined || source.head.key < first.head.key) first = source;
    }
    if (first?.head === undefined) return Infinity;
    const { line, came } = first.head;
    const left = silent ? (this.#follow ? LAG_MS - (performance.now() - came) : Infinity) : 0;
    if (left > 0) return left;
    first.head = undefined;
    return { line };
  }

  async #rest(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== Infinity) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
