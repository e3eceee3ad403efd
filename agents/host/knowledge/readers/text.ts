/** What a file is not, as a sentence. */
export class NotText extends Error {}

const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

export const NOT_TEXT = 'It is not text in UTF-8 or UTF-16, whatever its name says.';

/** The text of a file as it flows by. @throws NotText where it is none. */
export async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let whole = '';
  try {
    for await (const piece of bytes) {
      decoder ??= new TextDecoder(markedAs(piece) ?? 'utf-8', { fatal: true });
      const text = decoder.decode(piece, { stream: true });
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

const markedAs = (bytes: Buffer): string | undefined => MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];

/** No text has these. */
const hasBinary = (text: string) => /[\0-\x08\x0e-\x1a]/.test(text);

export async function whole(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
