import {
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a text in the place of a file's: whole, or not at all. Symbolic links stay, the file they lead to is replaced, with its mode
 * and owner. A new file gets `mode`. @throws ErrnoException as the file system says it.
 */
export function replaceFile(path: string, text: string, mode: number): void {
  const real = exists(path) ? realpathSync(path) : path;
  const old = exists(real) ? statSync(real) : undefined;
  const fresh = `${real}.${process.pid}.tmp`;
  // A rest of a process that had the same number.
  if (exists(fresh)) unlinkSync(fresh);
  const file = openSync(fresh, 'wx', old === undefined ? mode : old.mode & 0o777);
  try {
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (old !== undefined && (old.uid !== process.getuid?.() || old.gid !== process.getgid?.())) keepOwner(fresh, old.uid, old.gid);
    renameSync(fresh, real);
  } catch (error) {
    if (exists(fresh)) unlinkSync(fresh);
    throw error;
  }
  syncFolder(dirname(real));
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function keepOwner(path: string, uid: number, gid: number): void {
  try {
    chownSync(path, uid, gid);
  } catch {
    // Only root may give files away; where we are not, the file becomes ours, as with any editor.
  }
}

/** Makes the new name durable; file systems that cannot do that are as good as they are. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    return;
  }
}
