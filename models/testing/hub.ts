import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubOptions {
  readonly file: Buffer;
  /** Answers are cut after so many bytes of the file, so often. */
  readonly cutAfter?: number;
  readonly cuts?: number;
  /** The sum it states; its own where it states none. */
  readonly states?: string | null;
  /** In place of any of this. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whole answers only. */
  readonly noRanges?: boolean;
}

/** A server as the hub is one: it states the sum of a file, leads to a store, and the store serves ranges. */
export async function startHub({ file, cutAfter = 0, cuts = 0, states, answer, noRanges = false }: HubOptions) {
  const asked: { path: string; range: string | undefined }[] = [];
  let left = cuts;
  const etag = `"${createHash('sha256').update(file).digest('hex')}"`;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, range: request.headers.range });
    if (answer?.(request, response) === true) return;
    if (!path.startsWith('/store/')) {
      const stated = states === undefined ? etag : states;
      response.writeHead(302, {
        location: `/store/file`,
        ...(stated === null ? {} : { 'x-linked-etag': stated, 'x-linked-size': String(file.length) }),
      });
      response.end();
      return;
    }
    const from =
      noRanges || (request.headers['if-range'] ?? etag) !== etag ? 0 : Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      etag,
      'content-type': 'application/octet-stream',
      'content-length': String(file.length - from),
      ...(from > 0 ? { 'content-range': `bytes ${String(from)}-${String(file.length - 1)}/${String(file.length)}` } : {}),
    });
    if (left > 0) {
      left -= 1;
      response.write(file.subarray(from, from + cutAfter), () => setImmediate(() => response.destroy()));
    } else response.end(file.subarray(from));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    close: () => new Promise<void>((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}
