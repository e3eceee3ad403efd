import { Worker } from 'node:worker_threads';
import type { Failure, HostEvent, Outcome } from '../../contract/index.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Keychain } from '../ports/keychain.ts';
import type { WritableStore } from '../ports/store.ts';
import { prepareDataDir } from './data-dir.ts';
import { StoreError } from './failures.ts';
import type { LogHead } from './log-marks.ts';
import { LogWitness } from './log-witness.ts';
import type { StoreCall, StoreCalls, StoreClose, StoreReply, StoreRows, StoreThreadData } from './protocol.ts';

export interface StoreOptions {
  /** Made with mode 0700 where it does not exist. */
  readonly dataDir: string;
  readonly log: Log;
  /** Gives each entry its time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Remembers where the log ended, where it is the desktop's: whoever has the data directory alone cannot change that. */
  readonly keychain?: Keychain;
  /** The thread's module where a shell has bundled it elsewhere. */
  readonly thread?: URL;
  /** Cap on the file, in pages of 4 KiB. None where absent. */
  readonly maxPages?: number;
}

/** better-sqlite3 needs Node-API 10; on older Nodes (20) loading it ends the process with a segmentation fault. */
const NODE_API = 10;
const THREAD_MEMORY_MB = 512;

/**
 * Opens the event log in its own thread. Fails with data-dir-unwritable, data-dir-full, data-dir-locked or store-corrupt, each saying
 * which directory and what to do. A call of the store rejects with a StoreError that carries such a failure; the store lives on and
 * the next call may succeed. Nothing is half stored.
 */
export async function openStore({ dataDir, log, clock, keychain, thread, maxPages }: StoreOptions): Promise<Outcome<WritableStore>> {
  const tooOld = nodeFailure(process.versions);
  if (tooOld !== undefined) return { ok: false, failure: tooOld };
  const directory = prepareDataDir(dataDir);
  if (!directory.ok) return directory;
  const url = thread ?? new URL('./store-worker.ts', import.meta.url);
  const now = () => new Date(clock.now()).toISOString();
  const witness = new LogWitness(keychain, log);
  const caller = new StoreThread(url, { dataDir, maxPages, witness: await witness.last(), at: now() }, log, (head) => witness.keep(head));
  const failure = await caller.start();
  if (failure !== undefined) return { ok: false, failure };
  const append = (events: readonly HostEvent[], rows: StoreRows) => caller.call('append', [now(), events, rows]);
  return {
    ok: true,
    value: {
      events: (since, limit) => caller.call('events', [since, limit]),
      lastSeq: () => caller.call('lastSeq', []),
      plans: () => caller.call('plans', []),
      plan: (id) => caller.call('plan', [id]),
      incidents: (state) => caller.call('incidents', [state]),
      incident: (id) => caller.call('incident', [id]),
      dismissals: () => caller.call('dismissals', []),
      maintenances: () => caller.call('maintenances', []),
      knownClusters: () => caller.call('knownClusters', []),
      knownRows: (context, kind) => caller.call('knownRows', [context, kind]),
      changes: (query) => caller.call('changes', [query]),
      putChanges: (changes) => caller.call('putChanges', [changes]),
      putKnownClusters: (clusters) => caller.call('putKnownClusters', [clusters]),
      putKnownRows: (context, uid, rows) => caller.call('putKnownRows', [context, uid, rows]),
      forgetKnown: (contexts) => caller.call('forgetKnown', [contexts]),
      tidyKnown: (configured, now) => caller.call('tidyKnown', [configured, now]),
      append: (events) => append(events, {}),
      appendWithPlan: (events, plan) => append(events, { plan }),
      appendWithIncidents: (events, incidents, dismissals) =>
        append(events, { incidents, ...(dismissals === undefined ? {} : { dismissals }) }),
      appendWithMaintenance: (events, maintenance, maintenanceEnded) => append(events, { maintenance, maintenanceEnded }),
      audit: () => caller.call('audit', []),
      prune: (before) => caller.call('prune', [before, now()]),
      close: async () => {
        await caller.close(now());
        await witness.kept();
      },
    },
  };
}

/** Why this Node cannot run the store, or undefined when it can. */
export function nodeFailure(versions: { readonly node: string; readonly napi?: string }): Failure | undefined {
  if (Number(versions.napi ?? 0) >= NODE_API) return undefined;
  return {
    code: 'internal',
    message: `This is Node ${versions.node}; the event log needs Node 22.14 or newer.`,
    hint: 'Start Quarterdeck with npm start, which brings its own Node, or install a newer one.',
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** Calls into the thread, matched to their answers by number. A thread that ended is started anew by the next call. */
class StoreThread {
  readonly #url: URL;
  readonly #data: StoreThreadData;
  readonly #log: Log;
  readonly #onCheckpoint: (head: LogHead) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #starting: Promise<Failure | undefined> | undefined;
  #calls = 0;
  #closed = false;

  constructor(url: URL, data: StoreThreadData, log: Log, onCheckpoint: (head: LogHead) => void) {
    this.#url = url;
    this.#data = data;
    this.#log = log;
    this.#onCheckpoint = onCheckpoint;
  }

  /** Resolves when the file is open, with the failure when it cannot be. */
  start(): Promise<Failure | undefined> {
    this.#starting ??= new Promise((resolve) => {
      const worker = new Worker(this.#url, { workerData: this.#data, resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB } });
      this.#worker = worker;
      worker.on('message', (reply: StoreReply) => {
        if (reply.type === 'ready') {
          if (reply.suspicion !== undefined)
            this.#log(
              'warn',
              `the event log in ${this.#data.dataDir} is not as it was left: ${reply.suspicion}. quarterdeck audit verify says more.`,
            );
          resolve(undefined);
        } else if (reply.type === 'failed') resolve(reply.failure);
        else if (reply.type === 'checkpoint') this.#onCheckpoint(reply.head);
        else this.#settle(reply);
      });
      worker.on('error', (error) =>
        this.#log('error', `the event log's thread fell: ${error instanceof Error ? error.message : String(error)}`),
      );
      worker.on('exit', () => {
        this.#worker = undefined;
        this.#starting = undefined;
        const failure = ended(this.#data.dataDir);
        resolve(failure);
        for (const { reject } of this.#waiting.values()) reject(new StoreError(failure));
        this.#waiting.clear();
      });
    });
    return this.#starting;
  }

  async call<C extends StoreCall>(call: C, args: StoreCalls[C]['args']): Promise<StoreCalls[C]['answer']> {
    if (this.#closed) throw new StoreError({ code: 'cancelled', message: 'The event log is closed.' });
    const failure = await this.start();
    const worker = this.#worker;
    if (failure !== undefined || worker === undefined) throw new StoreError(failure ?? ended(this.#data.dataDir));
    const id = ++this.#calls;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, call, args });
    });
  }

  /** `at` is the time of the log's last mark. */
  async close(at: string): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    // Requests already sent are answered first: messages keep their order.
    worker.postMessage({ call: 'close', at } satisfies StoreClose);
    await exited;
  }

  #settle(reply: Extract<StoreReply, { id: number }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'answer') waiting?.resolve(reply.value);
    else waiting?.reject(new StoreError(reply.failure));
  }
}

const ended = (dataDir: string): Failure => ({
  code: 'internal',
  message: `The thread of the event log in ${dataDir} ended unexpectedly; whether the last entry was recorded is not known.`,
  hint: 'It is started again by itself. If it ends again, run quarterdeck doctor.',
});
