import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Bridge, Client } from './bridge.ts';

/** What both a window's MessagePort and a thread's have. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  start?(): void;
  close(): void;
}

/** Said by the page to the host's end of the port: how many entries of streams it has taken; `null`, that it follows none any more. */
export interface Taken {
  readonly taken: number | null;
}

const DEAD = 'The connection to Quarterdeck has ended. Reload the window.';

/**
 * Carries the contract over a MessagePort, and closes what the plain link leaves open: a call on a port that died fails at once, calls
 * under way fail when it dies, and the host hears what a stream's reader has taken, so that it never runs far ahead of a busy page.
 */
export function portBridge(port: Port): Bridge {
  const dead = new AbortController();
  port.addEventListener('close', () => dead.abort(new Error(DEAD)));
  let streams = 0;
  const tell = (taken: number | null) => {
    if (!dead.signal.aborted) port.postMessage({ taken } satisfies Taken);
  };

  async function* counted(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    streams++;
    try {
      for await (const item of stream) {
        yield item;
        tell(1);
      }
    } finally {
      if (--streams === 0) tell(null);
    }
  }

  const link = new RPCLink({
    port: port as unknown as MessagePort,
    interceptors: [
      async (options) => {
        dead.signal.throwIfAborted();
        const signal = AbortSignal.any([dead.signal, ...(options.signal === undefined ? [] : [options.signal])]);
        const failed = new Promise<never>((_, reject) => {
          dead.signal.addEventListener('abort', () => reject(dead.signal.reason as Error), { once: true });
        });
        failed.catch(() => undefined);
        const output = await Promise.race([options.next({ ...options, signal }), failed]);
        return isStream(output) ? counted(output) : output;
      },
    ],
  });
  port.start?.();
  return { client: createORPCClient<Client>(link), dead: dead.signal };
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/**
 * Asks the desktop shell for a port. The page makes the channel and asks, because a port that is posted before anybody listens is lost.
 * The preload script passes the other end on.
 */
export function askForPort(window: Window): MessagePort {
  const { port1, port2 } = new MessageChannel();
  window.postMessage('quarterdeck:port', window.location.origin === 'null' ? '*' : window.location.origin, [port2]);
  return port1;
}
