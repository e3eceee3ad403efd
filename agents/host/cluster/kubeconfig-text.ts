import { open, stat } from 'node:fs/promises';
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

/** What `stat` says of a file that changes when it is written, replaced, or when a link leads elsewhere; or its error code. */
export async function stampOf(file: string): Promise<string> {
  try {
    return words(await stat(file));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

const words = (s: { mtimeMs: number; ctimeMs: number; size: number; ino: number; dev: number }): string =>
  `${s.mtimeMs} ${s.ctimeMs} ${s.size} ${s.dev}:${s.ino}`;

/** Reads one file. Fails with `kubeconfig-missing`, `kubeconfig-unreadable` or `kubeconfig-invalid` (too large). */
export async function readText(file: string, invited: boolean): Promise<Outcome<FileText>> {
  try {
    // A pipe would hold the thread until somebody writes into it, so nothing is opened before it is known to be a file.
    const kind = await stat(file);
    if (!kind.isFile()) return { ok: false, failure: notAFile(file, kind.isDirectory()) };
    const handle = await open(file, 'r');
    try {
      const info = await handle.stat();
      const found = { stamp: words(info), inode: `${info.dev}:${info.ino}`, modified: info.mtimeMs };
      if (info.size > MOST_BYTES && invited) return { ok: false, failure: tooLarge(file) };
      if (!invited) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
        const first = buffer.subarray(0, bytesRead);
        if (info.size > MOST_UNINVITED_BYTES || first.includes(0)) return { ok: true, value: { ...found, text: undefined } };
        if (info.size <= bytesRead) return { ok: true, value: { ...found, text: first.toString('utf8') } };
      }
      const bytes = Buffer.alloc(info.size);
      const { bytesRead } = await handle.read(bytes, 0, info.size, 0);
      return { ok: true, value: { ...found, text: bytes.toString('utf8', 0, bytesRead) } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { ok: false, failure: readFailure(file, error as NodeJS.ErrnoException) };
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
