/** What a file is not, as a sentence. */
export class NotText extends Error {}

const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

export const NOT_TEXT = 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.';

/** So much from the first byte that is no ASCII tells the encoding: wherever a file is cut into pieces, the same. */
const TELLING = 64 * 1024;

/** The text of a file as it flows by. @throws NotText where it is none. */
export async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  /** ASCII before the rest, and the rest as long as it is not told what it is. */
  let ascii = 0;
  let held: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of bytes) {
      if (decoder !== undefined) {
        yield* spoken(decoder.decode(piece, { stream: true }));
        continue;
      }
      // As long as nothing but ASCII comes it is the same in all of them.
      const plain = length > 0 ? 0 : plainBytes(piece);
      ascii += plain;
      yield* spoken(piece.toString('latin1', 0, plain));
      if (plain === piece.length) continue;
      held.push(piece.subarray(plain));
      length += piece.length - plain;
      if (length <= TELLING) continue;
      decoder = decoderFor(Buffer.concat(held), ascii);
      yield* spoken(decoder.decode(Buffer.concat(held), { stream: true }));
      held = [];
    }
    if (decoder === undefined && length > 0) {
      decoder = decoderFor(Buffer.concat(held), ascii);
      yield* spoken(decoder.decode(Buffer.concat(held), { stream: true }));
    }
    yield* spoken(decoder?.decode() ?? '');
  } catch (error) {
    throw error instanceof TypeError ? new NotText(NOT_TEXT) : error;
  }
}

function* spoken(text: string): Generator<string> {
  if (hasBinary(text)) throw new NotText(NOT_TEXT);
  if (text !== '') yield text;
}

/** How many bytes at its beginning are ASCII. */
function plainBytes(piece: Buffer): number {
  const at = piece.findIndex((byte) => byte >= 0x80);
  return at === -1 ? piece.length : at;
}

/** A page in the encoding it says it is in. @throws NotText */
export function pageText(bytes: Buffer): string {
  const said = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})|<\?xml[^>]{0,100}encoding=["']([\w-]{2,30})/i.exec(
    bytes.subarray(0, 2_048).toString('latin1'),
  );
  const label = markedAs(bytes) ?? said?.[1] ?? said?.[2] ?? 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new NotText(`It says it is written in ${label}, which is not known here.`);
    throw new NotText(`It is not text in ${label}, whatever it says.`);
  }
  if (hasBinary(text)) throw new NotText(NOT_TEXT);
  return text;
}

/** For what begins with no ASCII, after so many bytes of it: a mark stands at the very beginning. */
function decoderFor(bytes: Buffer, ascii: number): InstanceType<typeof TextDecoder> {
  const telling = bytes.subarray(0, TELLING);
  const mark = ascii === 0 ? markedAs(telling) : undefined;
  const label = mark ?? (isUtf8(telling, bytes.length > TELLING) || !looksLatin(telling, ascii) ? 'utf-8' : 'windows-1252');
  return new TextDecoder(label, { fatal: true });
}

/** `isCut`: its last letter may go on. */
function isUtf8(bytes: Buffer, isCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return true;
  } catch {
    return false;
  }
}

/** Where this many of a hundred bytes are no ASCII it is another script, and its letters would be taken for others. */
const MOST_HIGH = 30;
/** Bytes that stand for nothing in Windows-1252. */
const NOTHING_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Old editors of Western Europe write it, and no mark says so. What is UTF-8 but for some bytes is damaged, and is not guessed at. */
function looksLatin(piece: Buffer, ascii: number): boolean {
  const loosely = new TextDecoder('utf-8').decode(piece);
  const count = (sign: RegExp) => loosely.match(sign)?.length ?? 0;
  if (count(/[^\0-\x7f\ufffd]/g) >= count(/\ufffd/g)) return false;
  let high = 0;
  for (const byte of piece) {
    if (byte < 0x80) continue;
    high += 1;
    if (NOTHING_IN_1252.has(byte)) return false;
  }
  return high * 100 <= (Math.min(ascii, TELLING) + piece.length) * MOST_HIGH;
}

const markedAs = (bytes: Buffer): string | undefined => MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];

/** No text has these. */
const hasBinary = (text: string) => /[\0-\x08\x0e-\x1a]/.test(text);

export async function whole(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
