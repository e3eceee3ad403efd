import { fork } from 'node:child_process';
import type { Order, Report } from './protocol.ts';

/** The process of a model, as the app holds it. A shell whose programs cannot fork brings a starter of its own. */
export interface ModelProcess {
  readonly pid: number | undefined;
  send(order: Order): void;
  onReport(listener: (report: Report) => void): void;
  /** Once, when it has ended; `how` in words: `signal SIGSEGV`, `code 1`. */
  onEnd(listener: (how: string) => void): void;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

/** Starts the program at this place with nothing but these variables around it. */
export type StartModelProcess = (program: URL, env: Readonly<Record<string, string>>) => ModelProcess;

/** Built for each shell like the threads of the agents. */
export const MODEL_PROGRAM = new URL('./program.ts', import.meta.url);

export const forkModelProcess: StartModelProcess = (program, env) => {
  // Vectors travel as they are; as JSON they would be ten times as long.
  const child = fork(program, { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  return {
    pid: child.pid,
    send: (order) => {
      // Whoever has ended is heard of through `onEnd`.
      if (child.connected) child.send(order, () => undefined);
    },
    onReport: (listener) => void child.on('message', (message) => listener(message as Report)),
    onEnd: (listener) => {
      let said = false;
      const once = (how: string) => {
        if (!said) listener(how);
        said = true;
      };
      child.on('error', (error) => once(error.message));
      child.on('exit', (code, signal) => once(signal === null ? `code ${String(code)}` : `signal ${signal}`));
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

/** What a model's process may know of the surroundings: where things are and which graphics card to take. No keys, no tokens. */
const KEPT =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|TMPDIR|TMP|TEMP|LANG|LC_ALL|SYSTEMROOT|WINDIR|LD_LIBRARY_PATH|NODE_COMPILE_CACHE|(CUDA|NVIDIA|GGML|VK|HIP|ROCR|METAL)_.*)$/i;

export function surroundings(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && KEPT.test(name) ? [[name, value]] : [])),
  );
}
