import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { KINDS, type Outcome } from '../../../contract/index.ts';
import { objectPath } from '../paths.ts';
import { messages, sendClose, sendMessage } from './frames.ts';
import type { InteractiveTransport } from './transport.ts';

/** Of the protocols API servers have, the plain one: docs/decisions/2026-11-23-port-forward.md. */
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;

/** Where the next connection goes: looked up for each, so that a pod that was replaced is not asked for ever. */
export type Destination = () => Promise<Outcome<{ readonly pod: string; readonly port: number }>>;

export interface ForwardEvents {
  readonly connected: (pod: string) => void;
  readonly failed: (message: string) => void;
}

/** Listens on 127.0.0.1 and carries each connection through a tunnel of its own. */
export class PortForward {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @returns why it cannot listen, in words. */
  static async listen(
    transport: () => Promise<Outcome<InteractiveTransport>>,
    namespace: string,
    destination: Destination,
    localPort: number,
    events: ForwardEvents,
  ): Promise<Outcome<PortForward>> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const forward = new PortForward(server);
    server.on('connection', (socket) => {
      forward.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => forward.#sockets.delete(socket));
      void forward.#carry(socket, transport, namespace, destination, events);
    });
    try {
      server.listen(localPort, '127.0.0.1');
      await once(server, 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why =
        code === 'EADDRINUSE'
          ? 'is in use'
          : code === 'EACCES'
            ? 'may not be opened by this user'
            : `cannot be opened (${code ?? 'unknown error'})`;
      return {
        ok: false,
        failure: {
          code: 'bad-input',
          message: `Port ${localPort} of this machine ${why}.`,
          hint: 'Choose another one, or none, and a free one is taken.',
        },
      };
    }
    return { ok: true, value: forward };
  }

  get localPort(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #carry(
    local: Socket,
    transport: () => Promise<Outcome<InteractiveTransport>>,
    namespace: string,
    destination: Destination,
    events: ForwardEvents,
  ): Promise<void> {
    const fail = (message: string): void => {
      events.failed(message);
      local.destroy();
    };
    const to = await destination();
    if (!to.ok) return fail(to.failure.message);
    const way = await transport();
    if (!way.ok) return fail(way.failure.message);
    const { pod, port } = to.value;
    const opened = await way.value.open(
      objectPath(KINDS.Pod, pod, namespace, 'portforward'),
      new URLSearchParams({ ports: String(port) }),
      [PROTOCOL],
    );
    if (!opened.ok) return fail(opened.failure.message);
    const { socket: tunnel, head } = opened.value;
    tunnel.on('error', () => undefined);
    const end = (): void => {
      if (tunnel.destroyed) return;
      sendClose(tunnel);
      tunnel.end();
    };
    local.on('close', end);
    if (local.destroyed) return end();
    events.connected(pod);
    void this.#up(local, tunnel);
    // The first message of each channel is the number of the port.
    const begun = new Set<number>();
    for await (const message of messages(tunnel, head)) {
      const [channel = ERROR] = message;
      const data = message.subarray(1);
      if (!begun.has(channel)) {
        begun.add(channel);
        continue;
      }
      if (channel === ERROR && data.length > 0) return fail(`${pod}: ${data.toString('utf8').slice(0, 300)}`);
      if (channel === DATA && data.length > 0 && !local.write(data) && !local.destroyed)
        await Promise.race([once(local, 'drain'), once(local, 'close')]);
    }
    local.end();
    end();
  }

  /** What the client sends, as fast as the tunnel takes it. A client that has said all still wants the answer. */
  async #up(local: Socket, tunnel: import('node:stream').Duplex): Promise<void> {
    try {
      for await (const chunk of local as AsyncIterable<Buffer>) {
        if (tunnel.destroyed) return;
        if (!sendMessage(tunnel, Buffer.concat([Buffer.from([DATA]), chunk])))
          await Promise.race([once(tunnel, 'drain'), once(tunnel, 'close')]);
      }
    } catch {
      tunnel.destroy();
    }
  }
}
