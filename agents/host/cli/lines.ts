import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { Refusal } from './exit.ts';

/**
 * The lines of a file, `-` for stdin, in batches as they are read. Of a line longer than `longest` characters the beginning is given:
 * what is kept does not grow with the file, nor with a line. Throws a Refusal where the file cannot be read.
 */
export async function* linesOf(path: string, longest: number): AsyncGenerator<readonly string[]> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const cut = (line: string) => {
    const end = line.endsWith('\r') ? line.length - 1 : line.length;
    return end > longest ? line.slice(0, longest) : line.slice(0, end);
  };
  try {
    for await (const chunk of source) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longest) rest = rest.slice(0, longest + 1);
      if (lines.length > 0) yield lines.map(cut);
    }
    rest += decoder.end();
    if (rest !== '') yield [cut(rest)];
  } catch (error) {
    if (error instanceof Refusal || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a directory' : `cannot be read: ${message}`;
    throw new Refusal({ code: 'bad-input', message: `${path} ${why}.`, hint: 'Give a file, or - for the standard input.' });
  }
}
