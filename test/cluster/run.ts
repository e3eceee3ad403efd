import { execFileSync, spawnSync } from 'node:child_process';

/** Small words for running things to their end and for waiting. */

/** Set by a signal: nothing more is started and no wait goes on, so that what was begun can be taken down without a race. */
export const interruption = new AbortController();

/** @throws when the person at the keyboard has asked to end. */
export function goOn(): void {
  if (interruption.signal.aborted) throw new Error('interrupted');
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

/** The same while starting: an interruption ends the wait. */
export const awaiting = (condition: () => boolean | Promise<boolean>, timeoutMs: number, everyMs = 50): Promise<boolean> =>
  until(
    () => {
      goOn();
      return condition();
    },
    timeoutMs,
    everyMs,
  );

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
