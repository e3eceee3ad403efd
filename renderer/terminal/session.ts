import type { Failure } from '../../agents/contract/index.ts';
import { type Client, failureOf } from '../bridge/bridge.ts';

export interface Wanted {
  readonly context: string;
  readonly namespace: string;
  readonly target: string;
  readonly container?: string;
  readonly command: readonly string[];
  readonly by: string;
  readonly typedContext?: string;
  readonly size: { readonly columns: number; readonly rows: number };
}

export interface SessionListener {
  opened(pod: string): void;
  output(data: Uint8Array): void;
  /** It has ended, in words; `failure` where it did not come about or broke. */
  ended(words: string, failure: Failure | undefined): void;
}

export interface Session {
  typed(text: string): void;
  resized(columns: number, rows: number): void;
  close(): void;
}

const toBase64 = (text: string): string => {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
};
const fromBase64 = (data: string): Uint8Array => Uint8Array.from(atob(data), (c) => c.charCodeAt(0));

/** Opens a command with a terminal. Keys are sent in the order they were typed, several at once where one takes long to be sent. */
export function openSession(client: Client, wanted: Wanted, listener: SessionListener): Session {
  const ended = new AbortController();
  let id: string | undefined;
  let waiting = '';
  let sending = false;
  const send = async () => {
    if (sending || id === undefined) return;
    sending = true;
    while (waiting !== '' && !ended.signal.aborted) {
      const text = waiting;
      waiting = '';
      // A session that is over says so itself.
      await client.exec.send({ session: id, data: toBase64(text), end: false }).catch(() => undefined);
    }
    sending = false;
  };
  const run = async () => {
    const { command, ...rest } = wanted;
    const stream = await client.exec.open({ ...rest, command: [...command], tty: true, stdin: true }, { signal: ended.signal });
    for await (const event of stream) {
      if (event.type === 'opened') {
        id = event.session;
        listener.opened(event.pod);
        void send();
      } else if (event.type === 'output') listener.output(fromBase64(event.data));
      else return listener.ended(endWords(event.exitCode, event.message), undefined);
    }
    listener.ended('The session has ended.', undefined);
  };
  run().catch((error: unknown) => {
    if (ended.signal.aborted) return;
    const failure = failureOf(error);
    listener.ended(
      id === undefined ? 'It did not open.' : 'The connection broke; what ran in the container may have ended with it.',
      failure,
    );
  });
  return {
    typed: (text) => {
      waiting += text;
      void send();
    },
    resized: (columns, rows) => {
      if (id !== undefined) void client.exec.resize({ session: id, columns, rows }).catch(() => undefined);
    },
    close: () => {
      if (id !== undefined) void client.exec.close({ session: id }).catch(() => undefined);
      ended.abort();
    },
  };
}

function endWords(exitCode: number | null, message: string): string {
  const said = message === '' ? '' : ` ${message}`;
  if (exitCode === 0) return `It has ended.${said}`;
  if (exitCode === 126 || exitCode === 127) return `The command is not in this container (exit status ${exitCode}).${said}`;
  return exitCode === null ? `It has ended, and how is not known.${said}` : `It has ended with exit status ${exitCode}.${said}`;
}
