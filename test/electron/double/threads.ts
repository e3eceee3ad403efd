import workerThreads, { Worker, type WorkerOptions } from 'node:worker_threads';
import { syncBuiltinESMExports } from 'node:module';

/** The threads of the main process by name, so that a test can end one as a crash would. Put in place before the main process is read. */
const running = new Map<string, Worker>();

class Named extends Worker {
  constructor(file: string | URL, options?: WorkerOptions) {
    super(file, options);
    const name = options?.name ?? String(file).replace(/^.*\//, '');
    running.set(name, this);
    this.once('exit', () => running.get(name) === this && running.delete(name));
  }
}
workerThreads.Worker = Named;
syncBuiltinESMExports();

export const threads = () => [...running.keys()];

export async function endThread(name: string): Promise<number> {
  const thread = running.get(name);
  if (thread === undefined) throw new Error(`there is no thread ${name}, but ${threads().join(', ')}`);
  return thread.terminate();
}
