import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ContextName, Failure, Kind, LogItem, LogSelection, Outcome } from '../../contract/index.ts';
import { readCredited } from './credited-port.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import type { Kube } from '../ports/kube.ts';
import type { KubeconfigReading } from '../ports/kubeconfig.ts';
import type { Log } from '../ports/runtime.ts';
import type { KubeLogin } from './shared-login.ts';
import type { FromKubeWorker, KubeCall, KubeWorkerData, ToKubeWorker } from './protocol.ts';

interface KubeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly kubeconfigPaths?: readonly string[];
  /** Read besides the others; its contexts are marked as demo. */
  readonly demoKubeconfig?: string;
  /** `contexts.yaml` of the data directory, for the kubeconfigs that were added. */
  readonly contextsFile?: string;
  readonly log: Log;
  /** The thread's entry; its built form differs by shell. */
  readonly workerUrl?: URL;
}

const MEMORY_MB = 2_048;
/** What is read is short-lived or stays; more room for the short-lived only makes the thread larger. */
const YOUNG_MB = 24;
/** What a thread gets to end what it has begun, before it is ended itself. */
const FAREWELL_MS = 1_500;
const RESTART_MS = 100;
const LONGEST_RESTART_MS = 30_000;
/** A worker that lived this long has earned a quick restart. */
const GOOD_LIFE_MS = 60_000;

interface Waiting {
  readonly call: KubeCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the kube worker. It reads no file and makes no connection before it is asked to. @throws when the thread does not start. */
export async function startKube(options: KubeOptions): Promise<KubeClient> {
  const client = new KubeClient(options);
  try {
    await client.ready;
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The host's end of the kube worker. When the thread dies, its calls fail at once, and a new one goes on where it was. */
export class KubeClient implements Kube, KubeLogin {
  readonly ready: Promise<void>;
  readonly #options: KubeOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watched = new Map<ContextName, Set<Kind>>();
  readonly #listeners = new Set<(notice: ClusterNotice) => void>();
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restartMs = RESTART_MS;
  #ids = 0;
  #map = false;
  #wantedLogs: Parameters<Kube['wantLogs']>[0] = {};
  #closed = false;

  constructor(options: KubeOptions) {
    this.#options = options;
    this.ready = this.#start();
  }

  kubeconfig(): Promise<KubeconfigReading> {
    return this.#call('kubeconfig', []) as Promise<KubeconfigReading>;
  }

  connect(context: ContextName, kinds: readonly Kind[]): ReturnType<Kube['connect']> {
    const known = this.#watched.get(context) ?? new Set();
    this.#watched.set(context, new Set([...known, ...kinds]));
    return this.#outcome('connect', [context, kinds]) as ReturnType<Kube['connect']>;
  }

  disconnect(context: ContextName): Promise<void> {
    this.#watched.delete(context);
    return this.#call('disconnect', [context]).then(
      () => undefined,
      // A worker that has died watches nothing any more.
      () => undefined,
    );
  }

  ping(context: ContextName): ReturnType<Kube['ping']> {
    return this.#outcome('ping', [context]) as ReturnType<Kube['ping']>;
  }

  probe(...args: Parameters<Kube['probe']>): ReturnType<Kube['probe']> {
    return this.#outcome('probe', args) as ReturnType<Kube['probe']>;
  }

  stats(): ReturnType<Kube['stats']> {
    return this.#call('stats', []) as ReturnType<Kube['stats']>;
  }

  rows(...args: Parameters<Kube['rows']>): ReturnType<Kube['rows']> {
    // A worker that has died watches nothing any more.
    return this.#call('rows', args).catch(() => undefined) as ReturnType<Kube['rows']>;
  }

  kinds(...args: Parameters<Kube['kinds']>): ReturnType<Kube['kinds']> {
    return this.#outcome('kinds', args) as ReturnType<Kube['kinds']>;
  }

  table(...args: Parameters<Kube['table']>): ReturnType<Kube['table']> {
    return this.#outcome('table', args) as ReturnType<Kube['table']>;
  }

  object(...args: Parameters<Kube['object']>): ReturnType<Kube['object']> {
    return this.#outcome('object', args) as ReturnType<Kube['object']>;
  }

  kubeEvents(...args: Parameters<Kube['kubeEvents']>): ReturnType<Kube['kubeEvents']> {
    return this.#outcome('kubeEvents', args) as ReturnType<Kube['kubeEvents']>;
  }

  helmReleases(...args: Parameters<Kube['helmReleases']>): ReturnType<Kube['helmReleases']> {
    return this.#outcome('helmReleases', args) as ReturnType<Kube['helmReleases']>;
  }

  helmRelease(...args: Parameters<Kube['helmRelease']>): ReturnType<Kube['helmRelease']> {
    return this.#outcome('helmRelease', args) as ReturnType<Kube['helmRelease']>;
  }

  related(...args: Parameters<Kube['related']>): ReturnType<Kube['related']> {
    // A worker that has died watches nothing any more.
    return this.#call('related', args).catch(() => undefined) as ReturnType<Kube['related']>;
  }

  logs(selection: LogSelection, signal?: AbortSignal): AsyncGenerator<Outcome<LogItem>, void> {
    const { port1, port2 } = new MessageChannel();
    // Without a worker the port has no other end, and the reading breaks off at once.
    if (this.#worker === undefined) port1.close();
    else this.#worker.postMessage({ type: 'logs', selection, port: port1 } satisfies ToKubeWorker, [port1]);
    return readCredited<LogItem>(port2, signal);
  }

  flushRows(): Promise<void> {
    return this.#call('flushRows', []).then(
      () => undefined,
      () => undefined,
    );
  }

  flushChanges(context: ContextName): Promise<void> {
    return this.#call('flushChanges', [context]).then(
      () => undefined,
      () => undefined,
    );
  }

  metrics(...args: Parameters<Kube['metrics']>): ReturnType<Kube['metrics']> {
    return this.#outcome('metrics', args) as ReturnType<Kube['metrics']>;
  }

  logPatterns(...args: Parameters<Kube['logPatterns']>): ReturnType<Kube['logPatterns']> {
    return this.#outcome('logPatterns', args) as ReturnType<Kube['logPatterns']>;
  }

  logWatching(...args: Parameters<Kube['logWatching']>): ReturnType<Kube['logWatching']> {
    return this.#outcome('logWatching', args) as ReturnType<Kube['logWatching']>;
  }

  forgetLogs(...args: Parameters<Kube['forgetLogs']>): Promise<void> {
    // A worker that has died remembers nothing any more.
    return this.#call('forgetLogs', args).then(
      () => undefined,
      () => undefined,
    );
  }

  wantLogs(...[wanted]: Parameters<Kube['wantLogs']>): void {
    this.#wantedLogs = wanted;
    this.#worker?.postMessage({ type: 'wantLogs', wanted } satisfies ToKubeWorker);
  }

  get(...args: Parameters<Kube['get']>): ReturnType<Kube['get']> {
    return this.#outcome('get', args) as ReturnType<Kube['get']>;
  }

  credential(...args: Parameters<KubeLogin['credential']>): ReturnType<KubeLogin['credential']> {
    return this.#outcome('credential', args) as ReturnType<KubeLogin['credential']>;
  }

  refuse(...args: Parameters<KubeLogin['refuse']>): ReturnType<KubeLogin['refuse']> {
    // Whoever asks again is told by a new worker what it has.
    return this.#call('refuse', args).catch(() => true) as ReturnType<KubeLogin['refuse']>;
  }

  attach(agent: string, kinds: readonly Kind[], port: MessagePort): void {
    if (this.#worker === undefined) {
      // Told by `workerCrashed` when there is a new one, the agent attaches again.
      port.close();
      return;
    }
    this.#worker.postMessage({ type: 'attach', agent, kinds, port } satisfies ToKubeWorker, [port]);
  }

  feed(...[port, reading]: Parameters<Kube['feed']>): void {
    // Told by `workerCrashed` when there is a new one, whoever feeds comes again.
    if (this.#worker === undefined) port.close();
    else this.#worker.postMessage({ type: 'feed', port, reading } satisfies ToKubeWorker, [port]);
  }

  detach(agent: string): void {
    this.#worker?.postMessage({ type: 'detach', agent } satisfies ToKubeWorker);
  }

  followMap(on: boolean): void {
    this.#map = on;
    this.#worker?.postMessage({ type: 'followMap', on } satisfies ToKubeWorker);
  }

  onNotice(listener: (notice: ClusterNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the thread as a crash would; for tests of what happens then. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker !== undefined) await this.#partFrom(worker);
    this.#worker = undefined;
    this.#failAll('it was closed');
    await worker?.terminate();
  }

  /** Logins that wait for a person are processes of their own, which would outlive the thread: they are ended first. */
  async #partFrom(worker: Worker): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, FAREWELL_MS)));
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    await Promise.race([this.#call('close', []).catch(() => undefined), late, gone]);
    clearTimeout(timer);
  }

  #start(): Promise<void> {
    const { env, home, kubeconfigPaths, demoKubeconfig, contextsFile, workerUrl } = this.#options;
    // Only strings survive the copy to another thread.
    const plain = Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === 'string'));
    const data: KubeWorkerData = { sources: { env: plain, home, kubeconfigPaths, demoKubeconfig, contextsFile } };
    const worker = new Worker(workerUrl ?? new URL('./kube-worker.ts', import.meta.url), {
      name: 'kube',
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker = worker;
    const born = performance.now();
    let reason = 'its thread ended';
    worker.on('message', (message: FromKubeWorker) => this.#hear(message));
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    const started = new Promise<void>((resolve, reject) => {
      worker.once('online', resolve);
      worker.once('exit', () => reject(new Error(`The kube worker did not start: ${reason}`)));
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#died(reason, performance.now() - born);
    });
    return started;
  }

  #died(reason: string, livedMs: number): void {
    this.#worker = undefined;
    this.#failAll(reason);
    if (this.#closed) return;
    this.#restartMs = livedMs > GOOD_LIFE_MS ? RESTART_MS : Math.min(this.#restartMs * 2, LONGEST_RESTART_MS);
    this.#options.log('error', `the kube worker ended (${reason}); it is started again in ${this.#restartMs} ms`);
    this.#restart = setTimeout(() => {
      // A failed start ends in 'exit' like any other death.
      this.#start().catch(() => undefined);
      if (this.#map) this.followMap(true);
      this.wantLogs(this.#wantedLogs);
      for (const [context, kinds] of this.#watched)
        this.#worker?.postMessage({ type: 'resume', context, kinds: [...kinds] } satisfies ToKubeWorker);
      this.#notify({ type: 'workerCrashed', message: reason });
    }, this.#restartMs);
  }

  #failAll(reason: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { call, reject } of waiting) reject(new Error(`The kube worker could not answer ${call}: ${reason}.`));
  }

  #call(call: KubeCall, args: readonly unknown[]): Promise<unknown> {
    const worker = this.#worker;
    if (worker === undefined) return Promise.reject(new Error(`The kube worker could not answer ${call}: it is not running.`));
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { call, resolve, reject });
      worker.postMessage({ type: 'call', id, call, args } as ToKubeWorker);
    });
  }

  /** A call whose failures are values: the death of the worker is one of them. */
  async #outcome(call: KubeCall, args: readonly unknown[]): Promise<Outcome<unknown>> {
    try {
      return (await this.#call(call, args)) as Outcome<unknown>;
    } catch (error) {
      const failure: Failure = {
        code: this.#closed ? 'cancelled' : 'internal',
        message: error instanceof Error ? error.message : String(error),
        hint: 'It is started again by itself; try again in a moment.',
      };
      return { ok: false, failure };
    }
  }

  #hear(message: FromKubeWorker): void {
    switch (message.type) {
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.value);
        this.#waiting.delete(message.id);
        return;
      case 'threw':
        this.#waiting.get(message.id)?.reject(new Error(message.message));
        this.#waiting.delete(message.id);
        return;
      case 'notice':
        this.#notify(message.notice);
        return;
    }
  }

  #notify(notice: ClusterNotice): void {
    for (const listener of this.#listeners) listener(notice);
  }
}
