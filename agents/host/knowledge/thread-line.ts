import { Worker } from 'node:worker_threads';
import type { Failure } from '../../contract/index.ts';
import { StoreError } from '../store/failures.ts';
import type { KnowledgeCall, KnowledgeCalls, KnowledgeClose, KnowledgeReply, KnowledgeRequest } from './protocol.ts';

/** Its heap: a library of 50,000 passages needs a quarter of it, the longest document that is read as a whole the rest. */
const THREAD_MEMORY_MB = 768;

/** Calls into the thread of the knowledge, which starts with the first of them, and again with the next after it fell. */
export class KnowledgeLine {
  readonly #file: string;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  #calls = 0;
  #closed = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws StoreError where the file of the knowledge fails, or the thread falls. */
  async call<C extends KnowledgeCall>(call: C, ...args: KnowledgeCalls[C]['args']): Promise<KnowledgeCalls[C]['answer']> {
    if (this.#closed) throw new StoreError({ code: 'cancelled', message: 'The knowledge base is closed.' });
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = (this.#calls += 1);
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, call, args } satisfies KnowledgeRequest<C>);
    });
  }

  /** What is being read ends after the document it is at; the next reading goes on from there. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ call: 'close' } satisfies KnowledgeClose);
    await exited;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./knowledge-thread.ts', import.meta.url), {
      workerData: { file: this.#file },
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
    });
    let why = '';
    worker.on('message', (reply: KnowledgeReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('failure' in reply) waiting?.reject(new StoreError(reply.failure));
      else waiting?.resolve(reply.value);
    });
    worker.on('error', (error) => (why = error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(new StoreError(fell(why)));
      this.#waiting.clear();
    });
    return worker;
  }
}

const fell = (why: string): Failure => ({
  code: 'internal',
  message: `The thread of the knowledge base ended unexpectedly${why === '' ? '' : `: ${why}`}.`,
  hint: 'What was read before stays; it is started again by itself.',
});
