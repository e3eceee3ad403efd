import type { MessagePort } from 'node:worker_threads';
import type { Failure, Outcome } from '../../contract/index.ts';

/**
 * A stream of values over a MessagePort with backpressure, which ports do not have by themselves: the writer may be so many values ahead
 * of what the reader has taken. Either end may go away, and the other learns of it: a reader that stops ends the writer's work, a
 * writer whose thread dies ends the reading with a failure.
 */

type FromWriter<T> = { readonly value: T } | { readonly end: Failure | null };
type FromReader = 'taken' | 'stop';

const AHEAD = 4;

export interface CreditedWriter<T> {
  /** Ends when nobody reads any more. */
  readonly signal: AbortSignal;
  /** Resolves when there is room for the next one; false when nobody reads any more. */
  write(value: T): Promise<boolean>;
  /** The last word; with a failure where the stream broke off. */
  end(failure?: Failure): void;
}

export function creditedWriter<T>(port: MessagePort): CreditedWriter<T> {
  const stopped = new AbortController();
  let ahead = 0;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const each of woken) each();
  };
  const stop = () => {
    stopped.abort();
    wake();
  };
  port.on('message', (message: FromReader) => {
    if (message === 'stop') return stop();
    ahead--;
    wake();
  });
  port.on('close', stop);
  return {
    signal: stopped.signal,
    write: async (value) => {
      if (stopped.signal.aborted) return false;
      ahead++;
      port.postMessage({ value } satisfies FromWriter<T>);
      while (ahead >= AHEAD && !stopped.signal.aborted) await new Promise<void>((resolve) => waiting.push(resolve));
      return !stopped.signal.aborted;
    },
    end: (failure) => {
      if (!stopped.signal.aborted) port.postMessage({ end: failure ?? null } satisfies FromWriter<T>);
      // Closing drops nothing that was sent before.
      port.close();
    },
  };
}

/** The values as they come; a failure is the last one. Ending the iteration ends the writer's work. */
export async function* readCredited<T>(port: MessagePort, signal?: AbortSignal): AsyncGenerator<Outcome<T>, void> {
  const waiting: FromWriter<T>[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  const ring = () => {
    wake?.();
    wake = undefined;
  };
  port.on('message', (message: FromWriter<T>) => {
    waiting.push(message);
    ring();
  });
  port.on('close', () => {
    closed = true;
    ring();
  });
  signal?.addEventListener('abort', ring, { once: true });
  try {
    for (;;) {
      const message = waiting.shift();
      if (signal?.aborted === true) return;
      if (message === undefined) {
        if (closed) {
          yield {
            ok: false,
            failure: { code: 'internal', message: 'The reading of the cluster broke off.', hint: 'Try again in a moment.' },
          };
          return;
        }
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if ('end' in message) {
        if (message.end !== null) yield { ok: false, failure: message.end };
        return;
      }
      yield { ok: true, value: message.value };
      if (!closed) port.postMessage('taken' satisfies FromReader);
    }
  } finally {
    if (!closed) port.postMessage('stop' satisfies FromReader);
    port.close();
  }
}
