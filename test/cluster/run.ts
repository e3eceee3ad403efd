import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs of an instance: started in the background with a record, ended by that record and never by name. */

interface Record {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: a reused pid has another. */
  readonly started: string;
}

const startOf = (pid: number): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
  } catch {
    return undefined;
  }
};

const folder = (dir: string) => join(dir, 'processes');

/** Starts a program in its own process group, with its output in `logs/NAME.log`; in a network namespace when one is given. */
export function start(
  dir: string,
  name: string,
  command: readonly string[],
  options: { netns?: string; env?: NodeJS.ProcessEnv } = {},
): number {
  mkdirSync(folder(dir), { recursive: true });
  mkdirSync(join(dir, 'logs'), { recursive: true });
  const log = openSync(join(dir, 'logs', `${name}.log`), 'a');
  const [program = '', ...args] =
    options.netns === undefined ? command : ['nsenter', `--net=/run/netns/${options.netns}`, '--', ...command];
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env: { ...process.env, ...options.env } });
  child.on('error', () => undefined);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started: ${program}`);
  writeFileSync(join(folder(dir), `${name}.json`), JSON.stringify({ pid, started: startOf(pid) ?? '' } satisfies Record));
  return pid;
}

export function isRunning(dir: string, name: string): boolean {
  const file = join(folder(dir), `${name}.json`);
  if (!existsSync(file)) return false;
  const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Record;
  return startOf(pid) === started;
}

export function recorded(dir: string): string[] {
  return existsSync(folder(dir)) ? readdirSync(folder(dir)).map((f) => f.replace(/\.json$/, '')) : [];
}

/** Ends a recorded program: first politely, then not. */
export async function stop(dir: string, name: string, patienceMs = 3_000): Promise<void> {
  const file = join(folder(dir), `${name}.json`);
  if (!existsSync(file)) return;
  const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Record;
  const alive = () => startOf(pid) === started;
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
  };
  if (alive()) send('SIGTERM');
  await until(() => !alive(), patienceMs);
  if (alive()) send('SIGKILL');
  await until(() => !alive(), 3_000);
  rmSync(file, { force: true });
}

/** Waits until a condition holds; false when it does not in time. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number, everyMs = 50): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() > end) return false;
    await new Promise((r) => setTimeout(r, everyMs));
  }
}

/** Runs a program to its end; @throws with what it said on stderr. */
export function must(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}: ${String((error as { stderr?: string }).stderr ?? error).trim()}`, { cause: error });
  }
}

/** Runs a program whose failure is no matter (what it would remove is gone already). */
export function maybe(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

export const say = (text: string): void => void process.stderr.write(`${text}\n`);
