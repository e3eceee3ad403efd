import { createReadStream, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openZip } from './zip.ts';

/** Files to be read, in a folder or in an archive alike. Paths have `/`. */
export interface TreeFile {
  readonly path: string;
  readonly bytes: number;
  /** Changes when the file does. */
  readonly stamp: string;
  /** When it was last changed, RFC 3339. */
  readonly at: string;
  read(): AsyncIterable<Buffer>;
}

/** One that is left out, with the reason as a sentence. */
export interface LeftOut {
  readonly path: string;
  readonly because: string;
}

export interface Tree {
  /** In the order of their paths. */
  entries(): AsyncIterable<TreeFile | LeftOut>;
  /** Undefined where there is no such file. */
  file(path: string): Promise<TreeFile | undefined>;
  close(): Promise<void>;
}

/**
 * What is at a path: a folder, an archive, or one file. @throws what the file system says of it, and BadZip.
 */
export async function openTree(root: string): Promise<Tree> {
  if (!(await stat(root)).isFile()) return folder(root);
  if (/\.zip$/i.test(root)) return openZip(root);
  const only = await fileAt(root, basename(root));
  return {
    async *entries() {
      yield await Promise.resolve(only);
    },
    file: (path) => Promise.resolve(path === only.path ? only : undefined),
    close: () => Promise.resolve(),
  };
}

const folder = (root: string): Tree => ({
  entries: () => filesOf(root, ''),
  file: (path) => fileAt(join(root, path), path).catch(() => undefined),
  close: () => Promise.resolve(),
});

/**
 * Symbolic links inside are not followed, so that none leads in a circle or out of the folder; hidden files and folders, a checkout's
 * own among them, are passed over.
 */
async function* filesOf(root: string, under: string): AsyncGenerator<TreeFile | LeftOut> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, under), { withFileTypes: true });
  } catch (error) {
    if (under === '') throw error;
    yield { path: under, because: `The folder cannot be read: ${words(error)}.` };
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isSymbolicLink()) yield { path, because: 'It is a symbolic link, which is not followed.' };
    else if (entry.isDirectory()) yield* filesOf(root, path);
    else if (entry.isFile()) {
      try {
        yield await fileAt(join(root, path), path);
      } catch (error) {
        yield { path, because: `It cannot be read: ${words(error)}.` };
      }
    }
  }
}

async function fileAt(place: string, path: string): Promise<TreeFile> {
  const { size, mtime, mtimeMs } = await stat(place);
  return { path, bytes: size, stamp: `${size}:${mtimeMs}`, at: mtime.toISOString(), read: () => createReadStream(place) };
}

export const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
