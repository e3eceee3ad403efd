import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goOn, until } from './run.ts';

/** Programs of an instance: started in the background with a record, ended by that record and never by name. */

interface ProcessRecord {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: a reused pid has another. */
  readonly started: string;
  readonly command?: readonly string[];
  readonly path: string | undefined;
}

/** Every program of an instance carries this; so a start whose record was never written is found all the same. */
const MARK = 'QUARTERDECK_CLUSTER_PART_OF';
/** Nothing else of the caller's environment is passed on: a proxy or a credential there would make the clusters differ. */
const PASSED = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

export const startOf = (pid: number): string | undefined => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return fields?.[0] === 'Z' ? undefined : fields?.[19];
  } catch {
    return undefined;
  }
};

const folder = (dir: string) => join(dir, 'processes');
const recordFile = (dir: string, name: string) => join(folder(dir), `${name}.json`);

function recordOf(dir: string, name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(dir, name), 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

/** The pid of a recorded program that runs. */
export function pidOf(dir: string, name: string): number | undefined {
  const record = recordOf(dir, name);
  return record !== undefined && startOf(record.pid) === record.started ? record.pid : undefined;
}

/** Starts a program in its own process group, with its output in `logs/NAME.log`. */
export function start(dir: string, name: string, command: readonly string[], path = process.env['PATH']): number {
  goOn();
  mkdirSync(folder(dir), { recursive: true });
  mkdirSync(join(dir, 'logs'), { recursive: true });
  const log = openSync(join(dir, 'logs', `${name}.log`), 'a');
  const [program = '', ...args] = command;
  const env = { ...Object.fromEntries(PASSED.map((k) => [k, process.env[k]])), PATH: path, [MARK]: dir };
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env });
  child.on('error', () => undefined);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started: ${program}`);
  const record: ProcessRecord = { pid, started: startOf(pid) ?? '', command, path };
  writeFileSync(recordFile(dir, name), JSON.stringify(record));
  return pid;
}

export const isRunning = (dir: string, name: string): boolean => pidOf(dir, name) !== undefined;

export function recorded(dir: string): string[] {
  return existsSync(folder(dir)) ? readdirSync(folder(dir)).map((f) => f.replace(/\.json$/, '')) : [];
}

/** Sends a signal to the group of a recorded program; false where it does not run. */
export function send(dir: string, name: string, signal: NodeJS.Signals): boolean {
  const pid = pidOf(dir, name);
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a recorded program at once (what it keeps is thrown away with it, so there is nothing to be polite about) and forgets it. */
export async function stop(dir: string, name: string): Promise<void> {
  send(dir, name, 'SIGKILL');
  await until(() => !isRunning(dir, name), 5_000, 10);
  rmSync(recordFile(dir, name), { force: true });
}

/** Starts recorded programs again that have ended, and wakes those that were halted. @returns their names. */
export function revive(dir: string): string[] {
  return recorded(dir).filter((name) => {
    if (send(dir, name, 'SIGCONT')) return false;
    const record = recordOf(dir, name);
    // Records of an older version do not say how a program was started.
    if (record?.command === undefined) return false;
    start(dir, name, record.command, record.path);
    return true;
  });
}

/** Pids that carry the mark of this instance, recorded or not. */
export function marked(dir: string): number[] {
  const mark = `${MARK}=${dir}`;
  return readdirSync('/proc')
    .filter((p) => /^\d+$/.test(p) && p !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}
