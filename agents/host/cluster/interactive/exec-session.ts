import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { KINDS, type Outcome } from '../../../contract/index.ts';
import { objectPath } from '../paths.ts';
import { messages, sendClose, sendMessage } from './frames.ts';
import type { InteractiveTransport } from './transport.ts';

/** https://kubernetes.io/blog/2024/08/20/websockets-transition: v5 can close one stream, v4 cannot. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const RESIZE = 4;
const CLOSE = 255;

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
}

export type ExecOutput =
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly data: Buffer }
  | { readonly type: 'ended'; readonly exitCode: number | null; readonly message: string };

const StatusSchema = z.object({
  status: z.string().optional(),
  message: z.string().default(''),
  reason: z.string().optional(),
  details: z.object({ causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).nullish() }).nullish(),
});

/** One command in one container. Its output is read as fast as it is taken and no faster. */
export class ExecSession {
  readonly #socket: Duplex;
  readonly #head: Buffer;
  readonly #closes: boolean;

  private constructor(socket: Duplex, head: Buffer, closes: boolean) {
    this.#socket = socket;
    this.#head = head;
    this.#closes = closes;
    socket.on('error', () => undefined);
  }

  static async open(
    transport: InteractiveTransport,
    { namespace, pod, container, command, tty, stdin }: ExecRequest,
  ): Promise<Outcome<ExecSession>> {
    const query = new URLSearchParams(command.map((word): [string, string] => ['command', word]));
    if (container !== undefined) query.set('container', container);
    for (const [name, on] of [
      ['stdin', stdin],
      ['stdout', true],
      ['stderr', !tty],
      ['tty', tty],
    ] as const)
      query.set(name, String(on));
    const opened = await transport.open(objectPath(KINDS.Pod, pod, namespace, 'exec'), query, PROTOCOLS);
    if (!opened.ok) return opened;
    const { socket, head, protocol } = opened.value;
    return { ok: true, value: new ExecSession(socket, head, protocol === PROTOCOLS[0]) };
  }

  /** Ends with how it ended. Leaving the iteration closes the session. */
  async *output(): AsyncGenerator<ExecOutput, void> {
    let ended = false;
    try {
      for await (const message of messages(this.#socket, this.#head)) {
        const [channel] = message;
        const data = message.subarray(1);
        if ((channel === STDOUT || channel === STDERR) && data.length > 0)
          yield { type: 'output', stream: channel === STDOUT ? 'stdout' : 'stderr', data };
        if (channel === STATUS && data.length > 0) {
          ended = true;
          yield endOf(data);
        }
      }
      if (!ended) yield { type: 'ended', exitCode: null, message: 'The connection was cut; how the command ended is not known.' };
    } finally {
      this.close();
    }
  }

  /** Resolves when there is room for more. */
  async send(data: Buffer): Promise<void> {
    if (data.length > 0) await this.#write(STDIN, data);
  }

  /** The command reads the end of its input. Before v5 only the end of the session says so. */
  async endInput(): Promise<void> {
    if (this.#closes) await this.#write(CLOSE, Buffer.from([STDIN]));
    else this.close();
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#write(RESIZE, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  }

  close(): void {
    if (this.#socket.destroyed) return;
    sendClose(this.#socket);
    // What was sent goes out; what may still come is of no use to anybody.
    this.#socket.end(() => this.#socket.destroy());
  }

  async #write(channel: number, data: Buffer): Promise<void> {
    if (this.#socket.destroyed || sendMessage(this.#socket, Buffer.concat([Buffer.from([channel]), data]))) return;
    const gone = new AbortController();
    const close = (): void => gone.abort();
    this.#socket.once('close', close);
    await once(this.#socket, 'drain', { signal: gone.signal }).catch(() => undefined);
    this.#socket.off('close', close);
  }
}

/** The status as the kubelet gives it: success, an exit code among the causes, or why it could not be run. */
function endOf(data: Buffer): Extract<ExecOutput, { type: 'ended' }> {
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    return { type: 'ended', exitCode: null, message: data.toString('utf8').slice(0, 400) };
  }
  const parsed = StatusSchema.safeParse(value);
  if (!parsed.success) return { type: 'ended', exitCode: null, message: 'It ended with a status that makes no sense.' };
  const { status, message, details } = parsed.data;
  if (status === 'Success') return { type: 'ended', exitCode: 0, message: '' };
  const code = details?.causes?.find((c) => c.reason === 'ExitCode')?.message;
  if (code !== undefined && /^\d+$/.test(code)) return { type: 'ended', exitCode: Number(code), message: '' };
  const absent = /executable file not found|no such file or directory/.test(message);
  const hint = absent ? ' The image does not hold this program: try sh, /bin/busybox or bash, or an ephemeral container.' : '';
  return { type: 'ended', exitCode: absent ? 127 : null, message: `${message.slice(0, 600)}${hint}` };
}
