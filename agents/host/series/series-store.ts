import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Log } from '../ports/runtime.ts';
import type { FromSeries, SeriesCall, SeriesCalls, SeriesThreadData, ToSeries } from './protocol.ts';

export interface SeriesOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** The thread's module where a shell has bundled it elsewhere. */
  readonly thread?: URL;
}

const THREAD_MEMORY_MB = 512;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The host's end of the series' thread. It is started by the first who needs it, and anew when it fell. */
export class SeriesStore {
  readonly #options: SeriesOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #fell = new Set<() => void>();
  #worker: Worker | undefined;
  #starting: Promise<void> | undefined;
  #calls = 0;
  #closed = false;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** A way in for values; it ends with the thread, which `onFall` tells. */
  async feed(): Promise<MessagePort> {
    const { port1, port2 } = new MessageChannel();
    await this.#start();
    this.#worker?.postMessage({ type: 'feed', port: port1 } satisfies ToSeries, [port1]);
    return port2;
  }

  onFall(listener: () => void): () => void {
    this.#fell.add(listener);
    return () => this.#fell.delete(listener);
  }

  async call<C extends SeriesCall>(call: C, ...args: SeriesCalls[C]['args']): Promise<SeriesCalls[C]['answer']> {
    await this.#start();
    const id = ++this.#calls;
    return await new Promise((resolve, reject) => {
      if (this.#worker === undefined) return reject(new Error('The thread of the metrics does not run.'));
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ type: 'call', id, call, args } as ToSeries);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => undefined);
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ type: 'close' } satisfies ToSeries);
    await exited;
  }

  #start(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The metrics are closed.'));
    this.#starting ??= new Promise<void>((resolve, reject) => {
      const data: SeriesThreadData = {
        path: join(this.#options.dataDir, 'series.db'),
        logs: join(this.#options.dataDir, 'logs.db'),
      };
      const worker = new Worker(this.#options.thread ?? new URL('./series-worker.ts', import.meta.url), {
        name: 'series',
        workerData: data,
        resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
      });
      this.#worker = worker;
      let reason = 'its thread ended';
      worker.on('message', (message: FromSeries) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'failed') {
          reason = message.message;
          void worker.terminate();
        } else this.#settle(message);
      });
      worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
      worker.on('exit', () => {
        if (this.#worker === worker) {
          this.#worker = undefined;
          this.#starting = undefined;
        }
        const error = new Error(`The metrics on this machine cannot be read: ${reason}.`);
        reject(error);
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        this.#waiting.clear();
        if (this.#closed) return;
        this.#options.log('error', error.message);
        for (const listener of this.#fell) listener();
      });
    });
    return this.#starting;
  }

  #settle(message: Extract<FromSeries, { type: 'answer' | 'threw' }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.message));
  }
}
