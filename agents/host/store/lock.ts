import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Outcome } from '../../contract/index.ts';
import { prepareDataDir } from './data-dir.ts';
import { storeFailure } from './failures.ts';

/**
 * One running app a data directory. The lock is a file that names the holder by process id and the time its process began: an id alone
 * is given to other processes later, and would keep a lock alive that nobody holds. The same file tells a command line where the
 * running app listens.
 */

const LOCK_FILE = 'running.json';

const HolderSchema = z.object({
  pid: z.number().int().positive(),
  /** Of /proc/PID/stat, field 22; null where the system does not tell. */
  startedAt: z.string().nullable(),
  url: z.string().nullable(),
  tokenFile: z.string().nullable(),
});
export type Holder = z.infer<typeof HolderSchema>;

/** How to reach the app that runs on a data directory. */
export interface RunningApp {
  readonly pid: number;
  readonly url: string;
  readonly tokenFile: string;
}

export interface Lock {
  /** Records where the app listens, for `readRunning`. */
  announce(app: { readonly url: string; readonly tokenFile: string }): Outcome<undefined>;
  /** Removes the lock file, if it is still ours. Never throws. */
  release(): void;
}

/** The time a process began, as the system counts it; null where it does not say or there is no such process. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything, brackets and spaces too.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function alive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = processStart(pid);
  return startedAt === null || now === null || now === startedAt;
}

/** Undefined when there is no lock file; null when it says nothing that can be understood. */
function readHolder(file: string): Holder | null | undefined {
  try {
    return HolderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : null;
  }
}

function writeWhole(file: string, holder: Holder): void {
  const fd = openSync(file, 'w', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(holder)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const remove = (file: string) => {
  try {
    unlinkSync(file);
  } catch {
    // Already gone, or not removable: a lock of a process that is gone is taken over anyway.
  }
};

/**
 * Takes the lock of a data directory for this process, or fails with data-dir-locked (who holds it), data-dir-unwritable or
 * data-dir-full. A lock whose process is gone is taken over.
 */
export function lockDataDir(
  dataDir: string,
  self: { readonly pid: number; readonly startedAt: string | null } = { pid: process.pid, startedAt: processStart(process.pid) },
): Outcome<Lock> {
  const directory = prepareDataDir(dataDir);
  if (!directory.ok) return directory;
  const file = join(dataDir, LOCK_FILE);
  const draft = `${file}.${self.pid}`;
  const mine: Holder = { pid: self.pid, startedAt: self.startedAt, url: null, tokenFile: null };
  const isMine = () => {
    const holder = readHolder(file);
    return holder?.pid === mine.pid && holder.startedAt === mine.startedAt;
  };
  try {
    writeWhole(draft, mine);
    // A link is made whole or not at all, so of two that start at once one is refused. Twice: the second try after a stale lock.
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(draft, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = readHolder(file);
        if (attempt > 2 || (holder !== undefined && holder !== null && alive(holder)))
          return { ok: false, failure: locked(dataDir, holder) };
        if (holder !== undefined) takeAway(file, `${draft}.stale`, holder);
      }
    }
  } catch (error) {
    return { ok: false, failure: storeFailure(error, dataDir) };
  } finally {
    remove(draft);
  }
  return {
    ok: true,
    value: {
      announce: ({ url, tokenFile }) => {
        try {
          writeWhole(draft, { ...mine, url, tokenFile });
          renameSync(draft, file);
          return { ok: true, value: undefined };
        } catch (error) {
          remove(draft);
          return { ok: false, failure: storeFailure(error, dataDir) };
        }
      },
      release: () => {
        if (isMine()) remove(file);
      },
    },
  };
}

/** Moves a stale lock away; puts it back when in between somebody else had taken the lock and it was theirs that was moved. */
function takeAway(file: string, aside: string, stale: Holder | null): void {
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (JSON.stringify(moved) !== JSON.stringify(stale)) {
    try {
      linkSync(aside, file);
    } catch {
      // A third one holds it by now; it will be asked on the next attempt.
    }
  }
  remove(aside);
}

function locked(dataDir: string, holder: Holder | null | undefined) {
  const who = holder === undefined || holder === null ? 'another process' : `process ${holder.pid}`;
  const where = holder?.url === undefined || holder.url === null ? '' : `, which listens on ${holder.url}`;
  return {
    code: 'data-dir-locked' as const,
    message: `Quarterdeck already runs on the data directory ${dataDir} (${who}${where}).`,
    hint: 'Use the running one, stop it, or choose another directory with --data-dir.',
  };
}

/** The app that runs on this data directory and listens, or undefined. Reads only; a stale lock is left for the next start. */
export function readRunning(dataDir: string): RunningApp | undefined {
  const holder = readHolder(join(dataDir, LOCK_FILE));
  if (holder === undefined || holder === null || holder.url === null || holder.tokenFile === null || !alive(holder)) return undefined;
  return { pid: holder.pid, url: holder.url, tokenFile: holder.tokenFile };
}
