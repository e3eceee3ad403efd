/**
 * Reads the regular files of a tar stream (ustar, with the long names of pax and GNU) as it flows by. Nothing is written anywhere, links
 * and devices are left out, and only what `wanted` asks for is held. A reader's own, because support bundles come in no other form.
 */

export interface TarFile {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: Buffer;
  /** The file is longer than what was kept of it: its beginning is left out. */
  readonly cut: boolean;
}

export interface TarLimits {
  /** Files whose content is not asked for are passed over. */
  readonly wanted: (name: string) => boolean;
  /** Of one file; of a longer one its end is kept. */
  readonly mostFileBytes: number;
  /** Of the whole stream, unpacked. */
  readonly mostBytes: number;
  readonly mostFiles: number;
}

/** What is wrong with an archive, as a sentence. */
export class BadArchive extends Error {}

const BLOCK = 512;
/** A name and a few attributes; a longer extension header is no archive of ours. */
const MOST_HEADER = 64 * 1024;

export async function* readTar(chunks: AsyncIterable<Buffer>, limits: TarLimits): AsyncGenerator<TarFile> {
  const input = new Input(chunks, limits.mostBytes);
  let pax = new Map<string, string>();
  let longName: string | undefined;
  let files = 0;
  for (;;) {
    const header = await input.take(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    if (!isHeader(header)) throw new BadArchive('it is not a tar archive, or it is damaged');
    const size = pax.has('size') ? Number(pax.get('size')) : number(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) throw new BadArchive('a file in it says an impossible size');
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'x' || type === 'g' || type === 'L') {
      if (size > MOST_HEADER) throw new BadArchive('a header in it is impossibly long');
      const body = await input.need(size);
      await input.skip(padding(size));
      if (type === 'x') pax = records(body);
      else if (type === 'L') longName = textOf(body);
      continue;
    }
    const name = pax.get('path') ?? longName ?? shortName(header);
    const at = (pax.has('mtime') ? Number(pax.get('mtime')) : number(header, 136, 12)) * 1_000;
    pax = new Map();
    longName = undefined;
    const isFile = type === '0' || type === '\0' || type === '7';
    if (isFile && ++files > limits.mostFiles) throw new BadArchive(`it holds more than ${limits.mostFiles} files`);
    if (isFile && limits.wanted(name)) {
      const left = Math.max(0, size - limits.mostFileBytes);
      await input.skip(left);
      yield { name, at, bytes: await input.need(size - left), cut: left > 0 };
    } else await input.skip(size);
    await input.skip(padding(size));
  }
}

const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

/** The stream, counted: an archive that unpacks to more than was agreed is not read to its end. */
class Input {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #most: number;
  #seen = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>, most: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#most = most;
  }

  /** So many bytes; undefined at the very end. */
  async take(size: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let have = 0;
    while (have < size) {
      if (this.#rest.length === 0 && !(await this.#more())) {
        if (have === 0) return undefined;
        throw new BadArchive('it ends in the middle of a file');
      }
      const part = this.#rest.subarray(0, size - have);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      have += part.length;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async need(size: number): Promise<Buffer> {
    if (size === 0) return Buffer.alloc(0);
    const bytes = await this.take(size);
    if (bytes === undefined) throw new BadArchive('it ends in the middle of a file');
    return bytes;
  }

  async skip(size: number): Promise<void> {
    for (let left = size; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new BadArchive('it ends in the middle of a file');
      const part = Math.min(left, this.#rest.length);
      this.#rest = this.#rest.subarray(part);
      left -= part;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#seen += next.value.length;
    if (this.#seen > this.#most) throw new BadArchive(`it unpacks to more than ${Math.round(this.#most / 2 ** 20)} MiB`);
    this.#rest = next.value;
    return true;
  }
}

/** The sum of the header's bytes, with blanks where the sum itself stands. */
function isHeader(header: Buffer): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] ?? 0);
  return number(header, 148, 8) === sum;
}

/** Octal digits, or base 256 where the first bit is set. */
function number(header: Buffer, from: number, length: number): number {
  const field = header.subarray(from, from + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return field.reduce((n, byte, i) => n * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  const digits = textOf(field).trim();
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end === -1 ? bytes.length : end).toString('utf8');
}

function shortName(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const prefix = header.subarray(257, 262).toString('latin1') === 'ustar' ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** `LENGTH KEY=VALUE\n`, the length in bytes and counting itself. */
function records(body: Buffer): Map<string, string> {
  const all = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(32, at);
    const length = blank === -1 ? Number.NaN : Number(body.subarray(at, blank).toString('latin1'));
    if (!Number.isSafeInteger(length) || length <= blank - at) break;
    const [key = '', ...value] = body
      .subarray(blank + 1, at + length - 1)
      .toString('utf8')
      .split('=');
    all.set(key, value.join('='));
    at += length;
  }
  return all;
}
