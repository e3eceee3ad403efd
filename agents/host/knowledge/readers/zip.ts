import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { LeftOut, Tree, TreeFile } from './tree.ts';

/** What is wrong with an archive, as a sentence without its end. */
export class BadZip extends Error {}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_AT = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record and the longest comment that may follow it. */
const LONGEST_END = 22 + 0xffff + 20;
const MOST_DIRECTORY = 256 * 2 ** 20;
/** What one file may unpack to; and how many times its packed size, from where on it is no document any more. */
const MOST_BYTES = 4 * 2 ** 30;
const MOST_TIMES = 200;
const NOT_SMALL = 16 * 2 ** 20;
const FULL = 0xffffffff;

interface Entry {
  readonly name: string;
  readonly packed: number;
  readonly bytes: number;
  readonly method: number;
  readonly locked: boolean;
  readonly at: string;
  readonly crc: number;
  readonly begins: number;
}

/** Where its bytes are: a file, or memory. Fewer than were asked for: there it ends. */
type Bytes = (at: number, length: number) => Promise<Buffer>;

/** The files of a zip archive, unpacked as they are read; nothing is written. @throws BadZip */
export async function openZip(file: string): Promise<Tree> {
  const handle = await open(file);
  const bytes: Bytes = async (at, length) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  };
  try {
    const { size } = await stat(file);
    return { ...(await treeOf(bytes, size)), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The same of an archive that is in memory. @throws BadZip */
export const zipIn = (archive: Buffer): Promise<Omit<Tree, 'close'>> =>
  treeOf((at, length) => Promise.resolve(archive.subarray(at, at + length)), archive.length);

async function treeOf(bytes: Bytes, size: number): Promise<Omit<Tree, 'close'>> {
  const entries = (await directory(bytes, size)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = entries.map((entry) => asFile(bytes, entry));
  return {
    async *entries() {
      for (const entry of all) yield await Promise.resolve(entry);
    },
    file: (path) => Promise.resolve(all.find((entry): entry is TreeFile => entry.path === path && 'read' in entry)),
  };
}

function asFile(source: Bytes, entry: Entry): TreeFile | LeftOut {
  const { name: path } = entry;
  if (entry.locked) return { path, because: 'It is encrypted inside its archive.' };
  if (entry.method !== 0 && entry.method !== 8) return { path, because: `It is packed in a way that is not known here (${entry.method}).` };
  if (entry.bytes > MOST_BYTES || (entry.bytes > NOT_SMALL && entry.bytes > entry.packed * MOST_TIMES))
    return { path, because: `It would unpack to ${entry.bytes} bytes from ${entry.packed}, which no document does.` };
  return { path, bytes: entry.bytes, stamp: `${entry.bytes}:${entry.crc}`, at: entry.at, read: () => unpacked(source, entry) };
}

async function* unpacked(bytes: Bytes, entry: Entry): AsyncGenerator<Buffer> {
  const head = await bytesAt(bytes, entry.begins, 30);
  if (head.readUInt32LE(0) !== LOCAL) throw new BadZip('its list of files does not fit what is in it');
  const from = entry.begins + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const raw = Readable.from(pieces(bytes, from, entry.packed), { objectMode: false });
  const inflate = createInflateRaw();
  raw.on('error', (error) => inflate.destroy(error));
  const source: AsyncIterable<Buffer> = entry.method === 0 ? raw : raw.pipe(inflate);
  let seen = 0;
  try {
    for await (const piece of source) {
      seen += piece.length;
      // What the list says may be a lie.
      if (seen > entry.bytes) throw new BadZip('a file in it is longer than it says');
      yield piece;
    }
  } catch (error) {
    if (error instanceof BadZip) throw error;
    throw new BadZip('it is damaged or ends too early');
  } finally {
    raw.destroy();
    inflate.destroy();
  }
  if (seen < entry.bytes) throw new BadZip('it is damaged or ends too early');
}

async function* pieces(bytes: Bytes, from: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += 65_536) yield await bytesAt(bytes, from + at, Math.min(65_536, length - at));
}

async function bytesAt(bytes: Bytes, at: number, length: number): Promise<Buffer> {
  // A number of 64 bits may be none that a place in a file can have.
  const buffer = Number.isSafeInteger(at) ? await bytes(at, length) : Buffer.alloc(0);
  if (buffer.length < length) throw new BadZip('it is damaged or ends too early');
  return buffer;
}

async function directory(source: Bytes, size: number): Promise<Entry[]> {
  const length = Math.min(size, LONGEST_END);
  const tail = await bytesAt(source, size - length, length);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new BadZip('it is not a zip archive, or its end is missing');
  let [count, bytes, at] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (end >= 20 && tail.readUInt32LE(end - 20) === END_64_AT) {
    const record = await bytesAt(source, Number(tail.readBigUInt64LE(end - 12)), 56);
    if (record.readUInt32LE(0) !== END_64) throw new BadZip('its list of files cannot be found');
    [count, bytes, at] = [32, 40, 48].map((offset) => Number(record.readBigUInt64LE(offset))) as [number, number, number];
  }
  if (bytes > MOST_DIRECTORY || at + bytes > size) throw new BadZip('its list of files is impossibly long');
  const list = await bytesAt(source, at, bytes);
  const entries: Entry[] = [];
  for (let from = 0, n = 0; n < count; n += 1) {
    if (from + 46 > list.length || list.readUInt32LE(from) !== ENTRY) throw new BadZip('its list of files is damaged');
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => list.readUInt16LE(from + offset)) as [
      number,
      number,
      number,
    ];
    const name = list
      .subarray(from + 46, from + 46 + nameLength)
      .toString('utf8')
      .replaceAll('\\', '/');
    const extra = list.subarray(from + 46 + nameLength, from + 46 + nameLength + extraLength);
    const long = longSizes(extra, [list.readUInt32LE(from + 24), list.readUInt32LE(from + 20), list.readUInt32LE(from + 42)]);
    from += 46 + nameLength + extraLength + noteLength;
    // A folder; what the system that packed it added; and names that would lead out are names only, since nothing is written.
    if (name.endsWith('/') || /(?:^|\/)(?:\.|__MACOSX\/)/.test(name)) continue;
    const start = from - 46 - nameLength - extraLength - noteLength;
    entries.push({
      name,
      bytes: long[0],
      packed: long[1],
      begins: long[2],
      method: list.readUInt16LE(start + 10),
      locked: (list.readUInt16LE(start + 8) & 1) === 1,
      crc: list.readUInt32LE(start + 16),
      at: timeOf(list.readUInt16LE(start + 14), list.readUInt16LE(start + 12)),
    });
  }
  return entries;
}

/** Those that did not fit into 32 bits stand in an extra field, in their order. */
function longSizes(extra: Buffer, short: readonly [number, number, number]): [number, number, number] {
  const sizes: [number, number, number] = [...short];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    for (const i of [0, 1, 2] as const) {
      if (sizes[i] !== FULL || from + 8 > extra.length) continue;
      sizes[i] = Number(extra.readBigUInt64LE(from));
      from += 8;
    }
  }
  return sizes;
}

/** As DOS kept it, in nobody's time zone. */
function timeOf(date: number, time: number): string {
  const at = Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
  return new Date(Number.isFinite(at) ? at : 0).toISOString();
}
