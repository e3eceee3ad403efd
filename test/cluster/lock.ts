import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startOf } from './processes.ts';
import { awaiting, say } from './run.ts';

/** One at a time, over processes. A holder that died does not hold: its pid and start time say so. */
export async function withLock<T>(file: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? '' });
  const begun = Date.now();
  let told = false;
  const taken = await awaiting(
    () => {
      if (take(file, own)) return true;
      if (told || Date.now() - begun < 1_000) return false;
      say(`waiting for another one that holds ${file}`);
      told = true;
      return false;
    },
    waitMs,
    200,
  );
  if (!taken) throw new Error(`Another one has held ${file} for ${Math.round(waitMs / 1000)} s. If none runs, remove that file.`);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, own: string): boolean {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, own);
  try {
    // A link appears whole or not at all, so a lock always has a name in it.
    linkSync(mine, file);
    return true;
  } catch {
    if (holds(file)) return false;
  } finally {
    rmSync(mine, { force: true });
  }
  // Moving it away is what only one of several waiters can do.
  const stale = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, stale);
    // Somebody may have taken the lock between the look and the move; then it is theirs again.
    if (holds(stale)) renameSync(stale, file);
    else rmSync(stale, { force: true });
  } catch {
    // Another waiter moved it.
  }
  return false;
}

function holds(file: string): boolean {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: number; started: string };
    return pid !== undefined && startOf(pid) === started;
  } catch {
    return false;
  }
}
