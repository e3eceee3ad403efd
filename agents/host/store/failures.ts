import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../contract/index.ts';

export const DATABASE_FILE = 'quarterdeck.db';

/** What a call to the store rejects with: an expected failure, carried by an Error because promises reject with those. */
export class StoreError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'StoreError';
    this.failure = failure;
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

export function fullFailure(dataDir: string): Failure {
  return {
    code: 'data-dir-full',
    message: `There is no room left in the data directory ${dataDir}; nothing new can be recorded, so nothing is changed in any cluster.`,
    hint: 'Free space on that disk, or choose another directory with --data-dir. What was recorded is intact.',
  };
}

export function unwritableFailure(dataDir: string, why: string): Failure {
  return {
    code: 'data-dir-unwritable',
    message: `The data directory ${dataDir} cannot be written: ${why}.`,
    hint: 'Make it a directory that you own (mode 0700), or choose another one with --data-dir.',
  };
}

export function corruptFailure(dataDir: string, why: string): Failure {
  return {
    code: 'store-corrupt',
    message: `The event log ${join(dataDir, DATABASE_FILE)} is damaged: ${why}.`,
    hint: 'Nothing was changed in it. Restore it from a backup, or move the file aside; a new log is then begun.',
  };
}

const FILE_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'it, or something above it, is a file and not a directory',
  EEXIST: 'it is a file and not a directory',
  ENOENT: 'it does not exist and cannot be made',
  EISDIR: `${DATABASE_FILE} in it is a directory`,
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/** What went wrong with the data directory or the file in it, in the words and codes of the contract. */
export function storeFailure(error: unknown, dataDir: string): Failure {
  if (error instanceof StoreError) return error.failure;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return fullFailure(dataDir);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return corruptFailure(dataDir, text);
  const words = FILE_WORDS[code];
  if (words !== undefined) return unwritableFailure(dataDir, words);
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) {
    // A full disk also shows as a failed write of the shared-memory file, which SQLite reports as an input/output error.
    return noRoom(dataDir) ? fullFailure(dataDir) : unwritableFailure(dataDir, `${text} (${code})`);
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') return unwritableFailure(dataDir, text);
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return {
      code: 'data-dir-locked',
      message: `Another program holds the event log in ${dataDir}.`,
      hint: 'Close it, or choose another directory with --data-dir.',
    };
  if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE')
    return { code: 'conflict', message: `The event log refused an entry that is there already (${text}).` };
  return { code: 'internal', message: `The event log in ${dataDir} failed: ${text}${code === '' ? '' : ` (${code})`}.` };
}

function noRoom(dataDir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    return bavail * bsize < 64 * 1024;
  } catch {
    return false;
  }
}
