import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';

/**
 * The client's half of WebSocket framing (RFC 6455, 5) over a socket that has been upgraded. Not the platform's WebSocket: that one
 * reads on whether anybody takes what came or not, and a shell can print faster than a person's terminal.
 */

const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** API servers send frames of 32 KiB; a message that pretends to be larger than this is none of theirs. */
const MOST_BYTES = 16 * 2 ** 20;

/** The messages of the other end, until it closes; ends without error where the connection is cut. Pings are answered on the way. */
export async function* messages(socket: Duplex, head: Buffer): AsyncGenerator<Buffer, void> {
  const bytes = new Bytes(socket, head);
  let parts: Buffer[] = [];
  for (;;) {
    const start = await bytes.take(2);
    if (start === undefined) return;
    const [first = 0, second = 0] = start;
    let length = second & 0x7f;
    if (length === 126) length = (await bytes.take(2))?.readUInt16BE() ?? -1;
    else if (length === 127) length = Number((await bytes.take(8))?.readBigUInt64BE() ?? -1);
    if (length < 0 || length > MOST_BYTES) return;
    const payload = await bytes.take(length);
    if (payload === undefined) return;
    const kind = first & 0x0f;
    if (kind === CLOSE) {
      send(socket, CLOSE, payload.subarray(0, 2));
      return;
    }
    if (kind === PING) send(socket, PONG, payload);
    if (kind === PING || kind === PONG) continue;
    parts.push(payload);
    // The last frame of a message says so.
    if ((first & 0x80) === 0) continue;
    yield parts.length === 1 ? payload : Buffer.concat(parts);
    parts = [];
  }
}

/** Sends one binary message. False when the socket wants to be drained first (`drain`). */
export function sendMessage(socket: Duplex, payload: Buffer): boolean {
  return send(socket, BINARY, payload);
}

export function sendClose(socket: Duplex): void {
  send(socket, CLOSE, Buffer.from([0x03, 0xe8]));
}

function send(socket: Duplex, kind: typeof BINARY | typeof CLOSE | typeof PING | typeof PONG, payload: Buffer): boolean {
  if (!socket.writable) return true;
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = 0x80 | kind;
  // What a client sends is masked, always (5.3): it keeps proxies from mistaking it for HTTP.
  if (size < 126) head[1] = 0x80 | size;
  else if (size < 65_536) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(size, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  const mask = randomBytes(4);
  const masked = Buffer.allocUnsafe(size);
  for (let i = 0; i < size; i++) masked[i] = (payload[i] as number) ^ (mask[i & 3] as number);
  return socket.write(Buffer.concat([head, mask, masked]));
}

/** Bytes in the amounts that are asked for; what is not asked for waits in the socket. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer;

  constructor(socket: Duplex, head: Buffer) {
    this.#chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.#rest = head;
  }

  async take(size: number): Promise<Buffer | undefined> {
    const parts = [this.#rest];
    let have = this.#rest.length;
    while (have < size) {
      const next = await this.#chunks.next().catch(() => undefined);
      if (next === undefined || next.done === true) return undefined;
      parts.push(next.value);
      have += next.value.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(size);
    return all.subarray(0, size);
  }
}
