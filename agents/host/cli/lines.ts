import { createReadStream } from 'node:fs';
import { PassThrough, type Readable, pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { Refusal } from './exit.ts';

/**
 * The lines of a file, `-` for stdin, in batches as they are read; one that is compressed (gzip) or of Windows (UTF-16) by how it begins. Of a line longer than `longest` characters the beginning is given:
 * what is kept does not grow with the file, nor with a line. Throws a Refusal where the file cannot be read.
 */
export async function* linesOf(path: string, longest: number): AsyncGenerator<readonly string[]> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  let decoder: StringDecoder | undefined;
  let rest = '';
  const cut = (line: string) => {
    const end = line.endsWith('\r') ? line.length - 1 : line.length;
    return end > longest ? line.slice(0, longest) : line.slice(0, end);
  };
  try {
    for await (const chunk of await plainBytes(source)) {
      decoder ??= new StringDecoder(isUtf16(chunk) ? 'utf16le' : 'utf8');
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longest) rest = rest.slice(0, longest + 1);
      if (lines.length > 0) yield lines.map(cut);
    }
    rest += decoder?.end() ?? '';
    if (rest !== '') yield [cut(rest)];
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') === true || code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new Refusal({
        code: 'bad-input',
        message: `${path} is compressed and damaged: ${message}.`,
        hint: 'Copy it again, or unpack what can be.',
      });
    if (error instanceof Refusal || syscall === undefined) throw error;
    const why = code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a directory' : `cannot be read: ${message}`;
    throw new Refusal({ code: 'bad-input', message: `${path} ${why}.`, hint: 'Give a file, or - for the standard input.' });
  }
}

const isUtf16 = (chunk: Buffer): boolean => chunk[0] === 0xff && chunk[1] === 0xfe;
const isGzip = (chunk: Buffer): boolean => chunk[0] === 0x1f && chunk[1] === 0x8b;

/** What a stream says, unpacked where it is packed. */
async function plainBytes(source: Readable): Promise<AsyncIterable<Buffer>> {
  const all = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await all.next();
  const whole = (async function* () {
    if (first.done === true) return;
    yield first.value;
    for (let next = await all.next(); next.done !== true; next = await all.next()) yield next.value;
  })();
  if (first.done === true || !isGzip(first.value)) return whole;
  const out = new PassThrough();
  pipeline(whole, createGunzip(), out, () => undefined);
  return out;
}
