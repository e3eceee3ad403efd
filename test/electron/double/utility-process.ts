import { type Serializable, fork } from 'node:child_process';
import { loud } from './loud.ts';

/** A process beside the app, as the desktop has them: a program that speaks over one port. */
export const utilityProcess = loud('utilityProcess', {
  fork: (path: string, args: readonly string[], { env }: { env: Record<string, string> }) => {
    const child = fork(path, args, { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    return loud('UtilityProcess', {
      pid: child.pid,
      postMessage: (message: Serializable) => void child.send(message),
      on: (type: 'message' | 'spawn', listener: (...values: unknown[]) => void) => child.on(type, listener),
      once: (type: 'exit', listener: (code: number | null) => void) => child.once(type, listener),
    });
  },
});
