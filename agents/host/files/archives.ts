import { gzipSync } from 'node:zlib';

/** Archives of tests, as the usual tools write them. */

export interface Entry {
  readonly name: string;
  readonly text?: string;
  /** As in tar: `0` a file, `5` a folder, `2` a link. */
  readonly type?: string;
  /** A name too long for the header, as pax or as GNU writes it. */
  readonly long?: 'pax' | 'gnu';
  /** Seconds since 1970. */
  readonly at?: number;
}

const BLOCK = 512;

function header(name: string, size: number, type: string, at: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name.slice(0, 100), 0);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(`${at.toString(8).padStart(11, '0')}\0`, 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((n, byte) => n + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

export function tar(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ name, text = '', type = '0', long, at = 1_772_366_400 }) => {
    const body = Buffer.from(text);
    const own = [header(name, body.length, type, at), padded(body)];
    if (long === undefined) return own;
    const extra = Buffer.from(long === 'pax' ? record('path', name) : `${name}\0`);
    return [header('././@LongLink', extra.length, long === 'pax' ? 'x' : 'L', 0), padded(extra), ...own];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

export const tgz = (entries: readonly Entry[]): Buffer => gzipSync(tar(entries));
