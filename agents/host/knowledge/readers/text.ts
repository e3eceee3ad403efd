/** What a file is not, as a sentence. */
export class NotText extends Error {}

const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

export const NOT_TEXT = 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.';

/** The text of a file as it flows by. @throws NotText where it is none. */
export async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let whole = '';
  try {
    for await (const piece of bytes) {
      // As long as nothing but ASCII comes it is the same in all of them.
      decoder ??= decoderFor(piece);
      const text = decoder?.decode(piece, { stream: true }) ?? piece.toString('latin1');
      if (hasBinary(text)) throw new NotText(NOT_TEXT);
      if (text !== '') yield text;
    }
    whole = decoder?.decode() ?? '';
  } catch (error) {
    throw error instanceof TypeError ? new NotText(NOT_TEXT) : error;
  }
  if (whole !== '') yield whole;
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

function decoderFor(piece: Buffer): InstanceType<typeof TextDecoder> | undefined {
  const mark = markedAs(piece);
  if (mark === undefined && piece.every((byte) => byte < 0x80)) return undefined;
  const label = mark ?? (isIn(piece, 'utf-8') || !looksLatin(piece) ? 'utf-8' : 'windows-1252');
  return new TextDecoder(label, { fatal: true });
}

function isIn(piece: Buffer, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(piece, { stream: true });
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
function looksLatin(piece: Buffer): boolean {
  const loosely = new TextDecoder('utf-8').decode(piece);
  const count = (sign: RegExp) => loosely.match(sign)?.length ?? 0;
  if (count(/[^\0-\x7f\ufffd]/g) >= count(/\ufffd/g)) return false;
  let high = 0;
  for (const byte of piece) {
    if (byte < 0x80) continue;
    high += 1;
    if (NOTHING_IN_1252.has(byte)) return false;
  }
  return high * 100 <= piece.length * MOST_HIGH;
}

const markedAs = (bytes: Buffer): string | undefined => MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];

/** No text has these. */
const hasBinary = (text: string) => /[\0-\x08\x0e-\x1a]/.test(text);

export async function whole(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
