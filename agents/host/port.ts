import { RPCHandler } from '@orpc/server/message-port';
import type { App } from './app.ts';

/**
 * The host's end of a MessagePort carrier: a window of the desktop shell, or a thread. Streams are held back when their reader has not
 * yet taken what was sent, so a busy page costs the host nothing but the log's own buffer. The page's end is renderer/bridge/port.ts.
 */

/** What the ports of Electron, of threads and of pages have in common, after `fromMain` where it is needed. */
export interface HostPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void;
  start(): void;
}

/** Entries of streams sent over one port and not yet taken by its reader. All streams of a port share it; a page follows one. */
export const MOST_UNTAKEN = 64;
/** The library's type number for an entry of a stream (its replies to calls are never held back). */
const STREAM_ENTRY = 3;

/** Serves the contract on a port until it closes. */
export function carryPort(router: App['router'], port: HostPort): void {
  const untaken = new Untaken();
  const handler = new RPCHandler(router, {
    experimental_transfer: async ([, type]) => {
      if ((type as number) === STREAM_ENTRY) await untaken.room();
      return null;
    },
  });
  // The library listens on what it is given and would take our own message for a call of its own.
  handler.upgrade({
    postMessage: (message: unknown) => port.postMessage(message),
    addEventListener: (type: string, listener: (event: { readonly data?: unknown }) => void) => {
      if (type === 'close') port.addEventListener('close', listener);
      else
        port.addEventListener('message', (event) => {
          if (!untaken.heard(event.data)) listener(event);
        });
    },
  } as unknown as MessagePortLike);
  port.addEventListener('close', () => untaken.end());
  port.start();
}

type MessagePortLike = Parameters<RPCHandler<Record<never, never>>['upgrade']>[0];

class Untaken {
  #count = 0;
  #ended = false;
  #waiting: (() => void)[] = [];

  /** Resolves when one more entry may be sent. */
  async room(): Promise<void> {
    while (this.#count >= MOST_UNTAKEN && !this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#count++;
  }

  /** Takes in the reader's word on what it has taken; false when the message is none of that. `null` means that it reads no stream now. */
  heard(message: unknown): boolean {
    if (typeof message !== 'object' || message === null || !('taken' in message)) return false;
    const { taken } = message;
    this.#count = typeof taken === 'number' && taken > 0 ? Math.max(0, this.#count - taken) : 0;
    this.#wake();
    return true;
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
