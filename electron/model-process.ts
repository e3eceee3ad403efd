import { utilityProcess } from 'electron';
import { fileURLToPath } from 'node:url';
import type { StartModelProcess } from '../models/llama/process.ts';
import type { Report } from '../models/llama/protocol.ts';

/** The process of a model in the desktop app: a packed app cannot be forked, so it is one of the utility processes of its own. */
export const startModelProcess: StartModelProcess = (program, env) => {
  const child = utilityProcess.fork(fileURLToPath(program), [], { env, stdio: 'ignore', serviceName: 'Quarterdeck model' });
  let { pid } = child;
  let killed = false;
  const end = () => {
    if (pid === undefined) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  child.on('spawn', () => {
    pid = child.pid;
    if (killed) end();
  });
  return {
    get pid() {
      return pid;
    },
    send: (order) => child.postMessage(order),
    onReport: (listener) => void child.on('message', (report: Report) => listener(report)),
    onEnd: (listener) => void child.once('exit', (code) => listener(`code ${String(code)}`)),
    kill: () => {
      killed = true;
      end();
    },
  };
};
