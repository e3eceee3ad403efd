import { availableParallelism } from 'node:os';
import type { AbortSignalLike, Failure, Outcome } from '../../agents/contract/index.ts';
import { MODEL_PROGRAM, type ModelProcess, type StartModelProcess, surroundings } from './process.ts';
import type { Load, Loaded, Order, Report } from './protocol.ts';

/** An order to the model without its number. */
export type Work = Without<Extract<Order, { id: number }>, 'id'>;
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Done = Extract<Report, { id: number }>;

export interface RunnerOptions {
  readonly load: Omit<Load, 'threads'> & { readonly threads?: number };
  readonly start: StartModelProcess;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After this long without work the process is ended and its memory is free. */
  readonly idleMs?: number;
  readonly limits?: Partial<RunnerLimits>;
}

export interface RunnerLimits {
  /** For reading a model from the disk. */
  readonly loadMs: number;
  /** A process that goes on this long after it was told to stop is ended. */
  readonly stopMs: number;
}

const LIMITS: RunnerLimits = { loadMs: 180_000, stopMs: 120 };
const IDLE_MS = 120_000;

/**
 * Runs one model in a process of its own, one order after the other. The process is started with the first order, again after it
 * crashed, and ended when nobody has asked for a while.
 */
export class LlamaRunner {
  readonly #options: RunnerOptions;
  readonly #limits: RunnerLimits;
  #session: Session | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #closed = false;
  #gpu: Load['gpu'];
  #next = 1;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#gpu = options.load.gpu;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#session?.process.pid;
  }

  /** What the model said of itself when it was loaded; loads it where it is not. */
  loaded(): Promise<Outcome<Loaded>> {
    return this.#inTurn(() => this.#ready());
  }

  /** The end of the work, or why there is none. Waits for the orders before it; one that is given up before its turn never begins. */
  run(work: Work, signal: AbortSignalLike): Promise<Outcome<Done>> {
    let begun = false;
    return new Promise((resolve) => {
      const early = () => {
        if (!begun) resolve({ ok: false, failure: CANCELLED });
      };
      signal.addEventListener('abort', early);
      void this.#inTurn(async () => {
        if (signal.aborted) return { ok: false, failure: CANCELLED };
        const ready = await this.#ready();
        if (!ready.ok) return ready;
        if (signal.aborted) return { ok: false, failure: CANCELLED };
        begun = true;
        return this.#order(work, signal);
      })
        .then(resolve)
        .finally(() => signal.removeEventListener('abort', early));
    });
  }

  /** Ends the process, also in the middle of its work. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#end();
    await this.#last;
  }

  #inTurn<T>(turn: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const next = this.#last.then(async (): Promise<Outcome<T>> => {
      clearTimeout(this.#idle);
      if (this.#closed) return { ok: false, failure: { code: 'cancelled', message: 'The app is closing.' } };
      try {
        return await turn();
      } finally {
        this.#idle = setTimeout(() => this.#end(), this.#options.idleMs ?? IDLE_MS).unref();
      }
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #ready(): Promise<Outcome<Loaded>> {
    // One that was told to end is still there for a moment.
    if (this.#session?.over === true) this.#session = undefined;
    this.#session ??= this.#begin();
    const session = this.#session;
    const loaded = await session.loaded;
    if (loaded.ok) return loaded;
    if (this.#session === session) this.#end();
    // The driver of a graphics card may be what ended it; without one the model is slower, and there.
    if (this.#gpu === 'off' || loaded.failure.code !== 'model-unavailable' || this.#closed) return loaded;
    this.#gpu = 'off';
    return this.#ready();
  }

  #begin(): Session {
    const { start, env, load } = this.#options;
    const process = start(MODEL_PROGRAM, surroundings(env));
    const session = new Session(process, load.path);
    session.onEnd(() => {
      if (this.#session === session) this.#session = undefined;
    });
    session.load({ threads: sparing(availableParallelism()), ...load, gpu: this.#gpu }, this.#limits.loadMs);
    return session;
  }

  #order(work: Work, signal: AbortSignalLike): Promise<Outcome<Done>> {
    const session = this.#session;
    if (session === undefined) return Promise.resolve({ ok: false, failure: crashed('before it could answer') });
    return session.order({ ...work, id: this.#next++ }, signal, this.#limits.stopMs);
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#session?.kill();
    this.#session = undefined;
  }
}

/** One process, from its start to its end. */
class Session {
  readonly process: ModelProcess;
  readonly loaded: Promise<Outcome<Loaded>>;
  /** It has ended, or is about to. */
  over = false;
  #load: (outcome: Outcome<Loaded>) => void = () => undefined;
  #waiting: { readonly id: number; readonly done: (outcome: Outcome<Done>) => void } | undefined;
  readonly #ends: (() => void)[] = [];

  constructor(process: ModelProcess, path: string) {
    this.process = process;
    this.loaded = new Promise((resolve) => (this.#load = resolve));
    process.onReport((report) => {
      if (report.type === 'loaded') this.#load({ ok: true, value: report.loaded });
      else if (report.type === 'notLoaded') this.#load({ ok: false, failure: report.failure });
      else if (report.id === this.#waiting?.id)
        this.#waiting.done(report.type === 'failed' ? { ok: false, failure: report.failure } : { ok: true, value: report });
    });
    process.onEnd((how) => {
      this.over = true;
      for (const end of this.#ends) end();
      this.#load({ ok: false, failure: crashed(`while ${path} was loaded: ${how}`) });
      this.#waiting?.done({ ok: false, failure: crashed(`in the middle of its work: ${how}`) });
    });
  }

  onEnd(listener: () => void): void {
    this.#ends.push(listener);
  }

  kill(): void {
    this.over = true;
    this.process.kill();
  }

  load(load: Load, limitMs: number): void {
    this.process.send({ type: 'load', load });
    const late = setTimeout(() => {
      this.#load({
        ok: false,
        failure: { code: 'model-unavailable', message: `The model ${load.path} was not loaded within ${String(limitMs / 1000)} seconds.` },
      });
      this.kill();
    }, limitMs);
    void this.loaded.then(() => clearTimeout(late));
  }

  async order(order: Extract<Order, { id: number }>, signal: AbortSignalLike, stopMs: number): Promise<Outcome<Done>> {
    let late: NodeJS.Timeout | undefined;
    const cancel = () => {
      this.process.send({ type: 'cancel', id: order.id });
      // It may be deep in native code, which hears nothing.
      late = setTimeout(() => {
        this.kill();
        this.#waiting?.done({ ok: false, failure: CANCELLED });
      }, stopMs);
    };
    signal.addEventListener('abort', cancel);
    try {
      return await new Promise((done) => {
        this.#waiting = { id: order.id, done };
        this.process.send(order);
      });
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', cancel);
      this.#waiting = undefined;
    }
  }
}

/** One core is left to the app: threads of a model that wait for each other are slow where they must share. */
const sparing = (cores: number) => Math.max(1, cores - 1);

const CANCELLED: Failure = { code: 'cancelled', message: 'The model was told to stop.' };

const crashed = (when: string): Failure => ({
  code: 'model-unavailable',
  message: `The model's process ended ${when}.`,
  hint: 'The rest of the app goes on. Ask again; if it happens each time, choose another model.',
});
