import type { Dirent } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** A document of a source, or why it was left out, as a sentence. Its path is inside the source, with `/`. */
export type ReadDocument = { readonly path: string } & ({ readonly text: string } | { readonly because: string });

const ENDINGS = new Set(['.md', '.markdown', '.mdx', '.txt', '.text', '.rst', '.adoc']);
const MAX_BYTES = 100 * 2 ** 20;
const MAX_DOCUMENTS = 100_000;

/**
 * The documents of a file or a folder, in the order of their paths. Symbolic links inside are not followed, so that none leads in a
 * circle or out of the folder; hidden folders and files of other kinds are passed over.
 * @throws what the file system says of `root` itself
 */
export async function* readDocuments(root: string, limits = { bytes: MAX_BYTES, documents: MAX_DOCUMENTS }): AsyncGenerator<ReadDocument> {
  if ((await stat(root)).isFile()) {
    yield await readDocument(root, basename(root), limits.bytes);
    return;
  }
  let count = 0;
  for await (const found of filesOf(root, '')) {
    if ('because' in found) {
      yield found;
      continue;
    }
    count += 1;
    if (count > limits.documents) {
      yield {
        path: found.path,
        because: `A source has at most ${limits.documents} documents; this one and what follows it were left out.`,
      };
      return;
    }
    yield await readDocument(join(root, found.path), found.path, limits.bytes);
  }
}

async function* filesOf(root: string, under: string): AsyncGenerator<{ path: string } | { path: string; because: string }> {
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
    else if (entry.isFile() && ENDINGS.has(extname(entry.name).toLowerCase())) yield { path };
  }
}

async function readDocument(file: string, path: string, maxBytes: number): Promise<ReadDocument> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) return { path, because: `It has ${size} bytes; at most ${maxBytes} are read.` };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    return text.includes('\0') ? { path, because: notText } : { path, text };
  } catch (error) {
    return { path, because: error instanceof TypeError ? notText : `It cannot be read: ${words(error)}.` };
  }
}

const notText = 'It is not text in UTF-8, whatever its name says.';
const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
