import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Credentials } from '../credentials.ts';
import { Dispatchers } from '../dispatchers.ts';
import { targetOf } from '../scripted-server.ts';
import { type ExecOutput, ExecSession } from './exec-session.ts';
import { PortForward } from './port-forward.ts';
import { InteractiveTransport } from './transport.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The server's half of a WebSocket, as an API server speaks it: frames out unmasked, frames in unmasked again. */
class ServerSide {
  readonly request: URL;
  readonly headers: IncomingMessage['headers'];
  readonly socket: Socket;
  #rest = Buffer.alloc(0);

  constructor(request: IncomingMessage, socket: Socket, protocol: string) {
    this.request = new URL(request.url ?? '', 'http://server');
    this.headers = request.headers;
    this.socket = socket;
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\nsec-websocket-protocol: ${protocol}\r\n\r\n`,
    );
    socket.on('error', () => undefined);
  }

  send(channel: number, data: Buffer | string, kind = 2): boolean {
    const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
    const head =
      payload.length < 126 ? Buffer.from([0x80 | kind, payload.length]) : Buffer.from([0x80 | kind, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2);
    return this.socket.write(Buffer.concat([head, payload]));
  }

  /** Frames as `[opcode, payload]`. Fails when one is not masked. */
  async *frames(): AsyncGenerator<[number, Buffer], void> {
    for await (const chunk of this.socket as AsyncIterable<Buffer>) {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      for (;;) {
        const [first = 0, second = 0] = this.#rest;
        if (this.#rest.length < 2) break;
        if ((second & 0x80) === 0) throw new Error('a client frame is not masked');
        const short = second & 0x7f;
        const at = short === 126 ? 4 : short === 127 ? 10 : 2;
        if (this.#rest.length < at + 4) break;
        const size = short === 126 ? this.#rest.readUInt16BE(2) : short === 127 ? Number(this.#rest.readBigUInt64BE(2)) : short;
        if (this.#rest.length < at + 4 + size) break;
        const mask = this.#rest.subarray(at, at + 4);
        const payload = Buffer.from(this.#rest.subarray(at + 4, at + 4 + size).map((byte, i) => byte ^ (mask[i & 3] ?? 0)));
        this.#rest = this.#rest.subarray(at + 4 + size);
        yield [first & 0x0f, payload];
      }
    }
  }
}

async function apiServer(serve: (side: ServerSide) => unknown, refuse?: { status: number; body: object }, protocol = 'v5.channel.k8s.io') {
  const seen: ServerSide[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    if (refuse !== undefined) {
      const body = JSON.stringify(refuse.body);
      socket.end(
        `HTTP/1.1 ${refuse.status} No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
      return;
    }
    const side = new ServerSide(request, socket, protocol);
    seen.push(side);
    // A client that goes away ends what the server was doing.
    void Promise.resolve(serve(side)).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispatchers = new Dispatchers({});
  closing.push(
    () => new Promise((resolve) => void server.close(resolve)),
    () => sockets.forEach((socket) => socket.destroy()),
    () => dispatchers.close(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, transport: new InteractiveTransport(targetOf(url, { token: 't0ken' }), new Credentials({}), dispatchers) };
}

const shell = { namespace: 'shop', pod: 'p', container: 'app', command: ['sh', '-c', 'a b'], tty: false, stdin: true };

async function opened(transport: InteractiveTransport, request = shell): Promise<ExecSession> {
  const session = await ExecSession.open(transport, request);
  if (!session.ok) throw new Error(session.failure.message);
  closing.push(() => session.value.close());
  return session.value;
}

async function all(session: ExecSession): Promise<ExecOutput[]> {
  const outputs: ExecOutput[] = [];
  for await (const output of session.output()) outputs.push(output);
  return outputs;
}

test('output comes by stream, and the exit code of the command at the end', async () => {
  const { seen, transport } = await apiServer((side) => {
    side.send(1, '');
    side.send(1, 'out');
    side.send(2, 'err');
    side.send(
      3,
      JSON.stringify({ status: 'Failure', message: 'exit code 7', details: { causes: [{ reason: 'ExitCode', message: '7' }] } }),
    );
    side.socket.end(Buffer.from([0x88, 0]));
  });
  expect(await all(await opened(transport))).toEqual([
    { type: 'output', stream: 'stdout', data: Buffer.from('out') },
    { type: 'output', stream: 'stderr', data: Buffer.from('err') },
    { type: 'ended', exitCode: 7, message: '' },
  ]);
  const [side] = seen;
  expect(side?.request.pathname).toBe('/api/v1/namespaces/shop/pods/p/exec');
  expect(side?.request.searchParams.getAll('command')).toEqual(['sh', '-c', 'a b']);
  expect(side?.headers.authorization).toBe('Bearer t0ken');
  expect(side?.headers['sec-websocket-protocol']).toBe('v5.channel.k8s.io, v4.channel.k8s.io');
});

test('input goes in order, the size of the terminal and the end of input on their channels; pings are answered', async () => {
  const heard: string[] = [];
  const { transport } = await apiServer(async (side) => {
    side.socket.write(Buffer.from([0x89, 2, 104, 105]));
    for await (const [kind, payload] of side.frames()) {
      heard.push(
        kind === 10
          ? `pong ${payload.toString()}`
          : `${payload[0]} ${payload.subarray(1).toString('latin1').slice(0, 30)} ${payload.length}`,
      );
      if (payload[0] !== 255) continue;
      side.send(3, JSON.stringify({ status: 'Success' }));
      side.socket.end(Buffer.from([0x88, 0]));
    }
  });
  const session = await opened(transport);
  const reading = all(session);
  await session.resize(120, 40);
  await session.send(Buffer.from('ls\n'));
  await session.send(Buffer.alloc(70_000, 'x'));
  await session.endInput();
  expect(await reading).toEqual([{ type: 'ended', exitCode: 0, message: '' }]);
  expect(heard.filter((h) => !h.startsWith('pong'))).toEqual([
    '4 {"Width":120,"Height":40} 26',
    '0 ls\n 4',
    `0 ${'x'.repeat(30)} 70001`,
    '255 \0 2',
  ]);
  expect(heard).toContain('pong hi');
});

test('a reader that takes nothing holds the other end back', async () => {
  let pushed = 0;
  const { transport } = await apiServer(async (side) => {
    const block = Buffer.alloc(64 * 1024);
    while (pushed < 2_000 && !side.socket.destroyed) {
      pushed++;
      if (!side.send(1, block)) await Promise.race([once(side.socket, 'drain'), once(side.socket, 'close')]);
    }
  });
  const session = await opened(transport);
  const output = session.output();
  await output.next();
  await expect.poll(() => pushed, { interval: 50 }).toBeGreaterThan(1);
  let before = -1;
  // It stops well before the 125 MB that want to come.
  while (before !== pushed) {
    before = pushed;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(pushed).toBeLessThan(400);
  await output.return();
});

test('what is refused is said with the server’s words; a cut connection is said to be one', async () => {
  const refusing = await apiServer(() => undefined, {
    status: 403,
    body: { kind: 'Status', message: 'pods "p" is forbidden: no exec for you', code: 403 },
  });
  const refused = await ExecSession.open(refusing.transport, shell);
  expect(refused.ok ? undefined : [refused.failure.code, refused.failure.message.includes('no exec for you')]).toEqual(['forbidden', true]);
  const cutting = await apiServer((side) => {
    side.send(1, 'half');
    side.socket.destroySoon();
  });
  expect((await all(await opened(cutting.transport))).at(-1)).toEqual({
    type: 'ended',
    exitCode: null,
    message: 'The connection was cut; how the command ended is not known.',
  });
  await expect(cutting.transport.open('/api/v1/namespaces/shop/pods/p/log', new URLSearchParams(), ['v4.channel.k8s.io'])).rejects.toThrow(
    'does not open',
  );
});

/** Echoes what comes, doubled in length, after the two port numbers. */
const echo = async (side: ServerSide): Promise<void> => {
  side.send(0, Buffer.from([0x90, 0x1f]));
  side.send(1, Buffer.from([0x90, 0x1f]));
  for await (const [, payload] of side.frames())
    if (payload[0] === 0) side.send(0, Buffer.concat([payload.subarray(1), payload.subarray(1)]));
};

test('bytes pass both ways through a tunnel for each connection', async () => {
  const { seen, transport } = await apiServer(echo, undefined, 'v4.channel.k8s.io');
  const pods: string[] = [];
  const forward = await PortForward.listen(
    () => Promise.resolve({ ok: true, value: transport }),
    'shop',
    () => Promise.resolve({ ok: true, value: { pod: `p${seen.length}`, port: 8080 } }),
    0,
    { connected: (pod) => pods.push(pod), failed: (message) => pods.push(message) },
  );
  if (!forward.ok) throw new Error(forward.failure.message);
  closing.push(() => forward.value.close());
  for (const n of [0, 1]) {
    const client = connect(forward.value.localPort, '127.0.0.1');
    const sent = Buffer.alloc(300_000, `${n}`);
    client.write(sent);
    let size = 0;
    for await (const chunk of client as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size === sent.length * 2) break;
    }
    expect(size).toBe(600_000);
    client.destroy();
  }
  expect(pods).toEqual(['p0', 'p1']);
  expect(seen.map((s) => `${s.request.pathname}${s.request.search}`)).toEqual([
    '/api/v1/namespaces/shop/pods/p0/portforward?ports=8080',
    '/api/v1/namespaces/shop/pods/p1/portforward?ports=8080',
  ]);
});

test('a port that is in use, a destination that is gone, and what the kubelet says are words', async () => {
  const { transport } = await apiServer(
    (side) => {
      side.send(0, Buffer.from([0, 0]));
      side.send(1, Buffer.from([0, 0]));
      side.send(1, 'nothing listens on port 81');
    },
    undefined,
    'v4.channel.k8s.io',
  );
  const taken = createTcpServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  closing.push(() => taken.close());
  const way = () => Promise.resolve({ ok: true as const, value: transport });
  const port = (taken.address() as AddressInfo).port;
  const quiet = { connected: () => undefined, failed: () => undefined };
  const refused = await PortForward.listen(way, 'shop', () => Promise.reject(new Error('not asked')), port, quiet);
  expect(refused.ok ? undefined : refused.failure.message).toBe(`Port ${port} of this machine is in use.`);
  const said: string[] = [];
  let there = false;
  const forward = await PortForward.listen(
    way,
    'shop',
    () =>
      Promise.resolve(
        there
          ? { ok: true, value: { pod: 'p', port: 81 } }
          : { ok: false, failure: { code: 'not-found', message: 'No pod of svc/web is running.' } },
      ),
    0,
    { connected: () => undefined, failed: (message) => said.push(message) },
  );
  if (!forward.ok) throw new Error(forward.failure.message);
  closing.push(() => forward.value.close());
  for (const state of [false, true]) {
    there = state;
    const client = connect(forward.value.localPort, '127.0.0.1').on('error', () => undefined);
    await once(client, 'close');
  }
  expect(said).toEqual(['No pod of svc/web is running.', 'p: nothing listens on port 81']);
});
