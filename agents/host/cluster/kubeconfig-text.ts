import { type Stats, readFile, stat } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Failure, Outcome } from '../../contract/index.ts';

/** The text of a kubeconfig file, and the stamp that tells whether it is still the same. */

export interface FileText {
  readonly stamp: string;
  /** Which file of the disk it is: another number means that it was replaced as a whole. */
  readonly inode: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** undefined: it holds something that is no text, or is too large to be looked at uninvited. */
  readonly text: string | undefined;
}

/** A kubeconfig of 2,000 contexts with certificates has about 11 MB. */
const MOST_BYTES = 128 * 2 ** 20;
/** In a folder nobody asked for this very file. */
const MOST_UNINVITED_BYTES = 32 * 2 ** 20;
const FIRST_BYTES = 4_096;
/** A file of this size is read faster than looked into first. */
const SMALL_BYTES = 262_144;

// With callbacks: for thousands of small files that is a third faster than with promises of `fs/promises`.
const look = promisify(stat);
const readAll = promisify(readFile) as (file: string) => Promise<Buffer>;

type Info = Pick<Stats, 'mtimeMs' | 'ctimeMs' | 'size' | 'ino' | 'dev' | 'isFile' | 'isDirectory'>;

/** What `stat` says of a file now, or its error code. */
export interface Seen {
  /** Changes when the file is written, replaced, or when a link leads elsewhere. */
  readonly stamp: string;
  readonly info: Info | NodeJS.ErrnoException;
}

export async function seen(file: string): Promise<Seen> {
  try {
    const info = await look(file);
    return { stamp: `${info.mtimeMs} ${info.ctimeMs} ${info.size} ${info.dev}:${info.ino}`, info };
  } catch (error) {
    return { stamp: (error as NodeJS.ErrnoException).code ?? 'unknown', info: error as NodeJS.ErrnoException };
  }
}

/** Reads a file that was seen just now. Fails with `kubeconfig-missing`, `kubeconfig-unreadable` or `kubeconfig-invalid` (too large). */
export async function readText(file: string, invited: boolean, { stamp, info }: Seen): Promise<Outcome<FileText>> {
  if (info instanceof Error) return { ok: false, failure: readFailure(file, info) };
  // A pipe would hold the thread until somebody writes into it, so nothing is opened before it is known to be a file.
  if (!info.isFile()) return { ok: false, failure: notAFile(file, info.isDirectory()) };
  if (invited && info.size > MOST_BYTES) return { ok: false, failure: tooLarge(file) };
  const found = { stamp, inode: `${info.dev}:${info.ino}`, modified: Math.max(info.mtimeMs, info.ctimeMs) };
  if (!invited && info.size > MOST_UNINVITED_BYTES) return { ok: true, value: { ...found, text: undefined } };
  try {
    const bytes = invited || info.size < FIRST_BYTES ? await readAll(file) : await readUnlessBinary(file, info.size);
    const binary = bytes === undefined || (!invited && bytes.subarray(0, FIRST_BYTES).includes(0));
    return { ok: true, value: { ...found, text: binary ? undefined : bytes.toString('utf8') } };
  } catch (error) {
    return { ok: false, failure: readFailure(file, error as NodeJS.ErrnoException) };
  }
}

/** undefined: its beginning is no text, and the rest was not read. */
async function readUnlessBinary(file: string, size: number): Promise<Buffer | undefined> {
  if (size < SMALL_BYTES) return readAll(file);
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    if (buffer.subarray(0, bytesRead).includes(0)) return undefined;
    return await readAll(file);
  } finally {
    await handle.close();
  }
}

function tooLarge(file: string): Failure {
  return {
    code: 'kubeconfig-invalid',
    message: `${file} is too large for a kubeconfig.`,
    hint: 'Check that the path is the right one.',
  };
}

function notAFile(file: string, folder: boolean): Failure {
  return {
    code: 'kubeconfig-unreadable',
    message: `${file} is ${folder ? 'a folder' : 'a pipe or a device'}, not a kubeconfig file.`,
    hint: folder
      ? 'Name the file inside it; KUBECONFIG takes several, separated as in PATH.'
      : 'A kubeconfig is read again when it changes, so it has to be a file on a disk.',
  };
}

function readFailure(file: string, error: NodeJS.ErrnoException): Failure {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'kubeconfig-missing',
        message: `There is no kubeconfig at ${file}.`,
        hint: 'Set KUBECONFIG, pass --kubeconfig, or copy the file your cluster gave you there.',
      };
    case 'ELOOP':
      return {
        code: 'kubeconfig-unreadable',
        message: `${file} is a symbolic link that leads round in a circle.`,
        hint: 'Let the link lead to the file.',
      };
    default:
      return {
        code: 'kubeconfig-unreadable',
        message: `${file} cannot be read (${error.code ?? 'unknown error'}).`,
        hint:
          error.code === 'EACCES' ? 'Give your user the right to read it: chmod u+r, or chown.' : 'Check the file and the disk it is on.',
      };
  }
}
