import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isAboutLogs } from './bundle-logs.ts';
import { BadArchive, readTar } from './tar.ts';

/** One file with its text, wherever it came from. */
export interface SourceFile {
  /** As a person finds it again: the path that was given, and for a file of an archive its name in there. */
  readonly name: string;
  /** Its place under what was given: what the folders say about it. */
  readonly path: string;
  readonly text: string;
  /** When it was last written; undefined for a stream. Milliseconds since 1970. */
  readonly at: number | undefined;
  /** Named by the person: then it says so where there is nothing in it. */
  readonly named: boolean;
}

/** What could not be read, and why. */
export interface Trouble {
  readonly what: string;
  readonly because: string;
}

export interface ReadLimits {
  readonly mostFileBytes: number;
  readonly mostBytes: number;
  readonly mostFiles: number;
}
/** A dump of 50,000 pods has some 400 MB; a longer text than this cannot be held in one piece. */
export const LIMITS: ReadLimits = { mostFileBytes: 480 * 2 ** 20, mostBytes: 2048 * 2 ** 20, mostFiles: 100_000 };
/** Of a log its end is telling. */
const MOST_LOG_BYTES = 256 * 1024;

const MANIFEST = new Set(['.yaml', '.yml', '.json', '.ndjson']);
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/i;
const isWanted = (path: string) => MANIFEST.has(extname(path).toLowerCase()) || isAboutLogs(path);
/** Folders that hold no cluster's objects. */
const PASSED_OVER = new Set(['.git', 'node_modules', '.terraform']);

/** Counts what was read: of everything together there is only so much. */
class Budget {
  files = 0;
  bytes = 0;
  readonly limits: ReadLimits;

  constructor(limits: ReadLimits) {
    this.limits = limits;
  }

  /** Why no more is read; undefined while there is room. */
  full(): string | undefined {
    const { mostBytes, mostFiles } = this.limits;
    if (this.bytes > mostBytes) return `more than ${Math.round(mostBytes / 2 ** 20)} MiB together`;
    return this.files > mostFiles ? `more than ${mostFiles} files` : undefined;
  }
}

/**
 * The files behind the given paths: files, folders with all that is in them, archives, `-` for `stdin`. What cannot be read is told to
 * `trouble` and the rest goes on; links inside folders and archives are not followed.
 */
export async function* readSources(
  paths: readonly string[],
  trouble: (trouble: Trouble) => void,
  { stdin, limits = LIMITS }: { readonly stdin: Readable; readonly limits?: ReadLimits },
): AsyncGenerator<SourceFile> {
  const budget = new Budget(limits);
  for (const path of paths) {
    try {
      if (path === '-') yield* fromStream(stdin, budget);
      else yield* fromPath(path, budget, trouble);
    } catch (error) {
      trouble({ what: path === '-' ? 'stdin' : path, because: wordsOf(error) });
    }
    const full = budget.full();
    if (full !== undefined) {
      trouble({ what: path, because: `not read to the end: ${full}` });
      return;
    }
  }
}

/** A file that somebody sent. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The files that were sent, archives among them unpacked. */
export async function* readGiven(
  given: readonly GivenFile[],
  trouble: (trouble: Trouble) => void,
  limits: ReadLimits,
): AsyncGenerator<SourceFile> {
  const budget = new Budget(limits);
  for (const { name, bytes } of given)
    try {
      if (isGzip(bytes) || ARCHIVE.test(name)) yield* fromTar(isGzip(bytes) ? unzip(once(bytes)) : once(bytes), name, budget);
      else yield { name, path: name, text: await gather(once(bytes), budget), at: undefined, named: !isAboutLogs(name) };
    } catch (error) {
      trouble({ what: name, because: wordsOf(error) });
    }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

async function* fromPath(path: string, budget: Budget, trouble: (trouble: Trouble) => void): AsyncGenerator<SourceFile> {
  const found = await stat(path);
  if (found.isDirectory()) {
    for await (const file of walk(path)) {
      if (budget.full() !== undefined) return;
      const under = relative(path, file);
      try {
        const about = await stat(file);
        if (ARCHIVE.test(file)) yield* fromArchive(file, under, budget);
        else yield await fromFile(file, under, about, budget, false);
      } catch (error) {
        trouble({ what: file, because: wordsOf(error) });
      }
    }
  } else if (ARCHIVE.test(path)) yield* fromArchive(path, '', budget);
  else yield await fromFile(path, basename(path), found, budget, true);
}

/** Files that may hold objects or logs, in the order of their names. */
async function* walk(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) yield* walk(path);
    else if (entry.isFile() && (isWanted(path) || ARCHIVE.test(path))) yield path;
  }
}

async function fromFile(path: string, under: string, { size, mtimeMs }: Stats, budget: Budget, named: boolean): Promise<SourceFile> {
  const isLog = !named && isAboutLogs(under);
  const { mostFileBytes } = budget.limits;
  if (!isLog && size > mostFileBytes) throw new BadArchive(`it is larger than ${Math.round(mostFileBytes / 2 ** 20)} MiB`);
  const start = isLog ? Math.max(0, size - MOST_LOG_BYTES) : 0;
  const text = await gather(createReadStream(path, { start }), budget);
  return { name: path, path: under, text: start > 0 ? withoutFirstLine(text) : text, at: mtimeMs, named };
}

async function* fromStream(stdin: Readable, budget: Budget): AsyncGenerator<SourceFile> {
  const chunks = stdin as AsyncIterable<Buffer>;
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const all = again(Buffer.from(first.value), iterator);
  if (isGzip(Buffer.from(first.value))) yield* fromTar(unzip(all), 'stdin', budget);
  else yield { name: 'stdin', path: 'stdin', text: await gather(all, budget), at: undefined, named: true };
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function* again(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield Buffer.from(next.value);
}

async function* fromArchive(path: string, under: string, budget: Budget): AsyncGenerator<SourceFile> {
  const packed = createReadStream(path) as AsyncIterable<Buffer>;
  for await (const file of fromTar(/\.tar$/i.test(path) ? packed : unzip(packed), path, budget))
    yield { ...file, path: under === '' ? file.path : join(under, file.path) };
}

async function* unzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const feed = (async () => {
    for await (const chunk of packed) if (!gunzip.write(chunk)) await new Promise((go) => gunzip.once('drain', go));
    gunzip.end();
  })();
  feed.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } finally {
    gunzip.destroy();
  }
}

/** Objects and logs of an archive, whether it is packed around one folder or around many files. */
async function* fromTar(chunks: AsyncIterable<Buffer>, archive: string, budget: Budget): AsyncGenerator<SourceFile> {
  const { limits } = budget;
  const files = readTar(chunks, {
    wanted: isWanted,
    mostFileBytes: limits.mostFileBytes,
    mostBytes: Math.max(0, limits.mostBytes - budget.bytes),
    mostFiles: limits.mostFiles,
  });
  for await (const { name, at, bytes, cut } of files) {
    const isLog = isAboutLogs(name);
    if (cut && !isLog) throw new BadArchive(`${name} in it is larger than ${Math.round(limits.mostFileBytes / 2 ** 20)} MiB`);
    budget.files++;
    budget.bytes += bytes.length;
    const long = isLog && bytes.length > MOST_LOG_BYTES;
    const text = (long ? bytes.subarray(bytes.length - MOST_LOG_BYTES) : bytes).toString('utf8');
    yield { name: `${archive}:${name}`, path: name, text: long || cut ? withoutFirstLine(text) : text, at, named: false };
  }
}

async function gather(chunks: AsyncIterable<Buffer>, budget: Budget): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    budget.bytes += chunk.length;
    if (size > budget.limits.mostFileBytes)
      throw new BadArchive(`it is larger than ${Math.round(budget.limits.mostFileBytes / 2 ** 20)} MiB`);
    parts.push(chunk);
  }
  budget.files++;
  const bytes = Buffer.concat(parts);
  // Redirected in PowerShell: kubectl's output in UTF-16.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** The first line of a cut text begins somewhere in its middle. */
const withoutFirstLine = (text: string) => text.slice(text.indexOf('\n') + 1);

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read by you';
  if (code?.startsWith('Z_') === true) return 'it is not a gzip file, or it is damaged';
  return error.message;
}
