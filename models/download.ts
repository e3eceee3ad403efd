import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AbortSignalLike, Failure, Outcome } from '../agents/contract/index.ts';
import { CANCELLED, ask } from './http.ts';

export interface Download {
  readonly url: URL;
  /** The finished file; until it is, `.part` beside it. */
  readonly to: string;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly proxy: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<DownloadLimits>;
}

export interface DownloadLimits {
  /** Without a byte for this long the connection is taken for dead. */
  readonly stallMs: number;
  /** Before the next try, by how many came to nothing one after the other. */
  readonly pauseMs: (fruitless: number) => number;
  /** Tries that bring nothing, one after the other, before it is given up. */
  readonly tries: number;
}

const LIMITS: DownloadLimits = { stallMs: 30_000, pauseMs: (n) => Math.min(30_000, 500 * 2 ** n), tries: 6 };
const MOST_REDIRECTS = 6;
const MAGIC = 'GGUF';
/** Chunks that have come and are not written yet. */
const MOST_WAITING = 64;

export interface Step {
  readonly stage: 'fetching' | 'waiting' | 'verifying' | 'done';
  readonly received: number;
  readonly total: number;
  readonly note: string | null;
}

/** What is known of the file that is on its way, kept beside the part, so that another start goes on with the same file. */
const PartSchema = z.object({ url: z.string(), etag: z.string().nullable(), sha256: z.string().nullable(), total: z.number() });
type Part = z.infer<typeof PartSchema>;

interface Opened {
  readonly answer: IncomingMessage;
  /** What comes of it. */
  readonly chunks: AsyncGenerator<Buffer, void>;
  readonly part: Part;
  /** Where in the file the answer begins. */
  readonly from: number;
}

/** Fetches a model file, goes on after every cut, and lets it stand only when its sum, its size and its first bytes are right. */
export async function* download(what: Download, signal: AbortSignalLike): AsyncGenerator<Outcome<Step>, void> {
  const limits = { ...LIMITS, ...what.limits };
  const partPath = `${what.to}.part`;
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(partPath);
    const known = await knownPart(`${partPath}.json`);
    if (known?.url === what.url.href && before === known.total) {
      yield { ok: true, value: { stage: 'verifying', received: before, total: before, note: null } };
      return yield await verified(what, known);
    }
    const opened = await openFrom(what, before, signal);
    let why: Failure | undefined;
    if (!opened.ok) {
      if (!again(opened.failure)) return yield opened;
      why = opened.failure;
    } else {
      const { part } = opened.value;
      await writeFile(`${partPath}.json`, JSON.stringify(part));
      const received = yield* take(opened.value, { partPath, total: part.total, stallMs: limits.stallMs, signal });
      if (!received.ok) {
        if (!again(received.failure)) return yield received;
        why = received.failure;
      } else if (received.value >= part.total) {
        yield { ok: true, value: { stage: 'verifying', received: part.total, total: part.total, note: null } };
        return yield await verified(what, part);
      }
    }
    if (signal.aborted) return yield { ok: false, failure: CANCELLED };
    const now = await sizeOf(partPath);
    fruitless = now > before ? 0 : fruitless + 1;
    if (fruitless >= limits.tries) return yield { ok: false, failure: why ?? cutOff(what.url) };
    const total = opened.ok ? opened.value.part.total : (what.bytes ?? now);
    yield { ok: true, value: { stage: 'waiting', received: now, total, note: why?.message ?? 'The connection was cut; it goes on.' } };
    await pause(limits.pauseMs(fruitless), signal);
  }
}

/** A server that is away, or busy, may be back in a moment; a refusal stays one. */
const again = ({ code }: Failure) => code === 'model-unavailable' || code === 'too-many-requests';

async function openFrom(what: Download, from: number, signal: AbortSignalLike): Promise<Outcome<Opened>> {
  const known = await knownPart(`${what.to}.part.json`);
  const same = known?.url === what.url.href && from > 0;
  let url = what.url;
  let etag: string | null = null;
  let sha256: string | null = null;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers: Record<string, string> = {
      accept: 'application/octet-stream',
      'user-agent': 'quarterdeck',
      'accept-encoding': 'identity',
    };
    if (same) {
      headers['range'] = `bytes=${String(from)}-`;
      // The end of another file would not fit the beginning of this one.
      if (known.etag !== null) headers['if-range'] = known.etag;
    }
    const asked = await ask({ url, method: 'GET', headers, proxy: what.proxy, env: what.env, signal, limitMs: 30_000 });
    if (!asked.ok) return asked;
    const answer = asked.value;
    const status = answer.statusCode ?? 0;
    // The hub says the sum of a large file with the first answer, before it leads to where the file lies.
    sha256 ??= sumIn(answer.headers['x-linked-etag']);
    etag = text(answer.headers.etag) ?? etag;
    const location = answer.headers.location;
    if (status >= 300 && status < 400 && location !== undefined) {
      answer.destroy();
      url = new URL(location, url);
      if (url.protocol !== 'https:' && what.url.protocol === 'https:') return { ok: false, failure: insecure(url) };
      continue;
    }
    const refused = refusal(answer, url);
    if (refused !== undefined) {
      answer.destroy();
      return { ok: false, failure: refused };
    }
    const begins = status === 206 ? from : 0;
    const length = Number(answer.headers['content-length'] ?? Number.NaN);
    const total = status === 206 ? totalIn(answer.headers['content-range']) : length;
    const bytes = Number.isFinite(total) ? total : what.bytes;
    if (bytes === null) {
      answer.destroy();
      return { ok: false, failure: bad(`${url.host} does not say how large the file is.`, 'Use another mirror.') };
    }
    if (what.bytes !== null && bytes !== what.bytes) {
      answer.destroy();
      return {
        ok: false,
        failure: bad(
          `${url.host} has another file of that name: ${String(bytes)} bytes instead of ${String(what.bytes)}.`,
          'Nothing was kept. Use another mirror, or import the file by hand.',
        ),
      };
    }
    // The strong name of what is sent; the hub's is on the first answer, the store's on the last.
    return {
      ok: true,
      value: {
        answer,
        chunks: arriving(answer),
        from: begins,
        part: { url: what.url.href, etag: weak(etag) ? null : etag, sha256: sha256 ?? known?.sha256 ?? null, total: bytes },
      },
    };
  }
  return { ok: false, failure: bad(`${what.url.host} leads from one address to the next without end.`, 'Use another mirror.') };
}

interface Taking {
  readonly partPath: string;
  readonly total: number;
  readonly stallMs: number;
  readonly signal: AbortSignalLike;
}

/** Writes what comes to the part. The value: bytes that are there now; fewer than the total where the connection was cut. */
async function* take(
  { answer, chunks, from }: Opened,
  { partPath, total, stallMs, signal }: Taking,
): AsyncGenerator<Outcome<Step>, Outcome<number>> {
  const file = await open(partPath, from === 0 ? 'w' : 'r+').catch((error: unknown) => error as NodeJS.ErrnoException);
  if (file instanceof Error) return { ok: false, failure: unwritable(partPath, file) };
  let at = from;
  let said = 0;
  answer.setTimeout(stallMs, () => answer.destroy());
  // Who stops does not wait for the next byte of a slow server.
  const stop = () => void answer.destroy();
  signal.addEventListener('abort', stop);
  try {
    yield { ok: true, value: { stage: 'fetching', received: at, total, note: null } };
    for await (const chunk of chunks) {
      if (at === 0 && !chunk.subarray(0, 4).equals(Buffer.from(MAGIC).subarray(0, Math.min(4, chunk.length))))
        return { ok: false, failure: notAModel(chunk, partPath) };
      await file.write(chunk, 0, chunk.length, at);
      at += chunk.length;
      if (at > total) return { ok: false, failure: bad('The server sends more than it said it would.', 'Use another mirror.') };
      if (signal.aborted) return { ok: false, failure: CANCELLED };
      if (performance.now() - said > 100) {
        said = performance.now();
        yield { ok: true, value: { stage: 'fetching', received: at, total, note: null } };
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return { ok: false, failure: full(partPath) };
    if (signal.aborted) return { ok: false, failure: CANCELLED };
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    answer.destroy();
    await file.close();
  }
  return { ok: true, value: at };
}

/** What comes, to the last byte before a cut: a stream that is destroyed forgets what it has not handed on. */
function arriving(answer: IncomingMessage): AsyncGenerator<Buffer, void> {
  const here: Buffer[] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  answer.on('data', (chunk: Buffer) => {
    here.push(chunk);
    if (here.length > MOST_WAITING) answer.pause();
    wake();
  });
  answer.once('close', () => {
    ended = true;
    wake();
  });
  answer.on('error', () => undefined);
  return (async function* () {
    for (;;) {
      const chunk = here.shift();
      if (chunk !== undefined) yield chunk;
      else if (ended) return;
      else {
        answer.resume();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  })();
}

async function verified(what: Download, part: Part): Promise<Outcome<Step>> {
  const partPath = `${what.to}.part`;
  const expected = what.sha256 ?? part.sha256;
  const sum = await sha256Of(partPath);
  if (expected !== null && sum !== expected.toLowerCase()) {
    await rm(partPath, { force: true });
    await rm(`${partPath}.json`, { force: true });
    return {
      ok: false,
      failure: bad(
        `The file is not the one that was meant: its sha256 is ${sum}, not ${expected}.`,
        'Nothing was kept. Try again; if it comes out the same, use another mirror.',
      ),
    };
  }
  await rename(partPath, what.to);
  await rm(`${partPath}.json`, { force: true });
  const note =
    what.sha256 !== null
      ? 'its sha256 is the one in the catalogue'
      : expected !== null
        ? 'its sha256 is the one its server states'
        : `no sum is known for it; its sha256 is ${sum}`;
  return { ok: true, value: { stage: 'done', received: part.total, total: part.total, note } };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Bytes of a part that can be gone on with. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

async function knownPart(path: string): Promise<Part | undefined> {
  try {
    return PartSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function refusal(answer: IncomingMessage, url: URL): Failure | undefined {
  const status = answer.statusCode ?? 0;
  const html = /text\/html/i.test(answer.headers['content-type'] ?? '');
  if ((status === 200 || status === 206) && !html) return undefined;
  if (status === 407)
    return bad(`The proxy wants a name and a password before it lets ${url.host} through.`, 'Put them into the address of the proxy.');
  if (html && status < 400)
    return bad(
      `In place of the model came a web page from ${url.host}: a proxy or a sign-in page answers in its stead.`,
      'Sign in to the network, or set a proxy or a mirror that may fetch it.',
    );
  if (status === 401 || status === 403)
    return bad(
      `${url.host} does not give this file to everybody (${String(status)}).`,
      'Accept its licence there and import the file by hand, or choose another model.',
    );
  if (status === 404) return bad(`${url.host} has no such file: ${url.pathname}.`, 'A mirror must keep the paths of the hub.');
  if (status === 429 || status >= 500)
    return { code: 'model-unavailable', message: `${url.host} cannot serve it now (${String(status)}).`, hint: 'It is tried again.' };
  return bad(`${url.host} answered ${String(status)} in place of the file.`, 'Use another mirror, or import the file by hand.');
}

function pause(ms: number, signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : null);
const weak = (etag: string | null) => etag === null || etag.startsWith('W/');
const sumIn = (value: string | string[] | undefined) => /^"?([0-9a-f]{64})"?$/i.exec(text(value) ?? '')?.[1]?.toLowerCase() ?? null;
const totalIn = (range: string | undefined) => Number(/\/(\d+)$/.exec(range ?? '')?.[1] ?? Number.NaN);

const bad = (message: string, hint: string): Failure => ({ code: 'bad-input', message, hint });
const insecure = (url: URL) => bad(`The way to the file leads over ${url.host} without encryption.`, 'Use another mirror.');
const cutOff = (url: URL): Failure => ({
  code: 'model-unavailable',
  message: `The connection to ${url.host} is cut each time before anything comes.`,
  hint: 'What has come is kept: pull it again to go on.',
});
const notAModel = (chunk: Buffer, path: string) =>
  /^\s*(<!doctype|<html|<\?xml)/i.test(chunk.subarray(0, 64).toString('latin1'))
    ? bad(
        'In place of the model came a web page: a proxy or a sign-in page answers in its stead.',
        'Sign in to the network, or set a proxy or a mirror.',
      )
    : bad(`What came is not a GGUF file: ${path}.`, 'Use another mirror.');
export const full = (path: string): Failure => ({
  code: 'data-dir-full',
  message: `There is no room left for ${path}.`,
  hint: 'Free space on that disk and pull again; what has come is kept.',
});
const unwritable = (path: string, error: NodeJS.ErrnoException): Failure => ({
  code: 'data-dir-unwritable',
  message: `${path} cannot be written: ${error.message}.`,
});
