import { inflateRawSync } from 'node:zlib';

/** Files of a zip archive, read whole: what a wheel of the Python index is. */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
/** The record at the end is 22 bytes, and a comment of up to 64 KiB. */
const END_WITHIN = 22 + 0xffff;

/** The file of this name (its whole path), or undefined. Throws where the archive is damaged. */
export function fileInZip(zip: Buffer, path: string): Buffer | undefined {
  return zipEntries(zip)
    .find((entry) => entry.path === path)
    ?.read();
}

interface ZipEntry {
  readonly path: string;
  read(): Buffer;
}

export function zipEntries(zip: Buffer): ZipEntry[] {
  let end = zip.length - 22;
  while (end >= 0 && end >= zip.length - END_WITHIN && zip.readUInt32LE(end) !== END) end--;
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('The archive is no zip file, or it is cut off.');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('The archive is damaged: its list of files makes no sense.');
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const size = zip.readUInt32LE(at + 24);
    const nameLength = zip.readUInt16LE(at + 28);
    const header = zip.readUInt32LE(at + 42);
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({
      path,
      read: () => {
        // Name and extra field have lengths of their own in front of the data.
        const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
        const bytes = zip.subarray(from, from + packed);
        if (method === STORED) return bytes;
        if (method !== DEFLATED) throw new Error(`${path} is packed in a way that is not known here (${String(method)}).`);
        const file = inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
        if (file.length !== size) throw new Error(`${path} is damaged in its archive.`);
        return file;
      },
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}
