import { setTimeout as pause } from 'node:timers/promises';
import { type Failure, KINDS, type Kind, type KubeObject, type Outcome } from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import type { Packed, Packer } from '../packing.ts';
import { BackOff, type Limiter } from './back-off.ts';
import { healsByItself, isConnectionFailure } from './failures.ts';
import { KeptObjects } from './kept-objects.ts';
import { listAll } from './list.ts';
import { collectionPath, groupOf } from './paths.ts';
import { projectObject } from './projecting.ts';
import type { ReadOnlyTransport } from './transport.ts';
import { type WatchEnd, watchOnce } from './watch.ts';

/** What a reflector tells its session. */
export interface ReflectorSink {
  changed(kind: Kind, key: string): void;
  /** `first`: the object was there when its kind was read for the first time. */
  observed(
    kind: Kind,
    key: string,
    before: () => KubeObject | undefined,
    after: KubeObject | undefined,
    raw: unknown,
    first: boolean,
  ): void;
  /** The kind was listed, or it is known why it cannot be. */
  settled(kind: Kind): void;
  /** The last attempt failed because of the cluster, not of this kind. */
  failing(kind: Kind, failure: Failure): void;
  healthy(kind: Kind): void;
  alive(): void;
}

/** What all reflectors of a cluster share. */
export interface ReflectorShared {
  readonly transport: ReadOnlyTransport;
  readonly namespace: string;
  /** Bounds the lists that run at once. */
  readonly limiter: Limiter;
  readonly packer: Packer;
  /** Whether the server sends a whole list as a stream (WatchList); set to false by the first reflector it refuses. */
  streams: boolean;
  readonly counts: { lists: number; watches: number; events: number };
}

/** A kind that was forbidden or not served is tried again after this long. */
const FORBIDDEN_MS = 60_000;
/** A kind that may be listed and not watched is listed this often. */
const POLL_MS = 30_000;
/** A watch that lived shorter than this counts as a failed attempt. */
const SHORT_LIFE_MS = 1_000;
/** After so many streams that ended before everything was said, pages are read: something on the way does not let streams through. */
const CUT_STREAMS = 2;

/**
 * Mirrors one kind of one cluster: reads all of it (a stream where the server has it, else pages), watches from there, resumes after a
 * cut, reads all again when the version is lost, and then tells only what differs. Where the whole cluster may not be listed, the
 * namespace of the context is read, and the gap says so.
 */
export class Reflector {
  readonly kind: Kind;
  readonly #shared: ReflectorShared;
  readonly #sink: ReflectorSink;
  readonly #backOff = new BackOff();
  readonly #stop = new AbortController();
  readonly #kept: KeptObjects;
  #kick = new AbortController();
  #gap: Gap | undefined;
  #settled = false;
  #relist = false;
  #failures = 0;
  #cutStreams = 0;
  #interrupted: number | undefined;

  constructor(kind: Kind, shared: ReflectorShared, sink: ReflectorSink) {
    this.kind = kind;
    this.#shared = shared;
    this.#sink = sink;
    this.#kept = new KeptObjects(kind, shared.packer, {
      changed: (key) => sink.changed(kind, key),
      observed: (key, before, after, raw) => sink.observed(kind, key, before, after, raw, !this.#settled),
    });
  }

  get size(): number {
    return this.#kept.size;
  }

  keys(): IterableIterator<string> {
    return this.#kept.keys();
  }

  packed(key: string): Packed | undefined {
    return this.#kept.packed(key);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Since when changes may be missed for now (milliseconds of `performance.now`); undefined while a watch runs. */
  get interrupted(): number | undefined {
    return this.#interrupted;
  }

  /** What of this kind could not be read: all, all but one namespace, or the namespaces of objects that make no sense. */
  get gaps(): readonly Gap[] {
    return this.#gap === undefined ? this.#kept.gaps() : [this.#gap, ...this.#kept.gaps()];
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stop.abort();
    this.#kick.abort();
  }

  /** Ends whatever it waits for, a pause or a silent watch, and tries at once. */
  kick(): void {
    this.#backOff.reset();
    this.#kick.abort();
  }

  /** Forgets where it was and lists anew: the cluster at the other end is another one. */
  restart(): void {
    this.#relist = true;
    this.kick();
  }

  async #run(): Promise<void> {
    const row = KINDS[this.kind];
    while (!this.#stop.signal.aborted) {
      this.#relist = false;
      const all = await this.#mirror(collectionPath(row), undefined);
      if (this.#stop.signal.aborted) return;
      if (all.ok) continue;
      let { failure } = all;
      if (failure.code === 'forbidden' && row.namespaced) {
        const { namespace } = this.#shared;
        const because = `forbidden: needs list ${this.#resourceWords()}; only namespace ${namespace} was read`;
        const some = await this.#mirror(collectionPath(row, namespace), { kind: this.kind, except: [namespace], because });
        if (this.#stop.signal.aborted) return;
        if (some.ok) continue;
        if (some.failure.code !== 'forbidden') failure = some.failure;
      }
      await this.#notRead(failure);
    }
  }

  /** Reads all of one path and watches on. Ends well when all has to be read again, and with the failure when it cannot be. */
  async #mirror(path: string, gap: Gap | undefined): Promise<Outcome<undefined>> {
    this.#freshKick();
    let resourceVersion: string | undefined;
    if (!this.#shared.streams || this.#cutStreams >= CUT_STREAMS) {
      const listed = await this.#shared.limiter.run(() => this.#list(path));
      if (this.#stop.signal.aborted) return DONE;
      if (!listed.ok) return listed;
      resourceVersion = listed.value.resourceVersion;
      this.#all(gap);
    }
    for (;;) {
      this.#freshKick();
      const initial = resourceVersion === undefined;
      const started = performance.now();
      const end = initial ? await this.#stream(path, gap) : await this.#watch(path, resourceVersion);
      if (this.#stop.signal.aborted) return DONE;
      this.#interrupted ??= performance.now();
      const short = performance.now() - started < SHORT_LIFE_MS;
      if (!short) this.#backOff.reset();
      if (this.#relist) return DONE;
      if (end.type === 'failed' && initial && end.failure.code === 'invalid' && this.#shared.streams) {
        this.#shared.streams = false;
        return DONE;
      }
      if (end.type === 'ended') {
        resourceVersion = end.resourceVersion;
        if (resourceVersion === undefined) {
          if (!this.#kick.signal.aborted) this.#cutStreams++;
          await this.#wait(this.#backOff.take());
          return DONE;
        }
        if (short) await this.#wait(this.#backOff.take());
        continue;
      }
      if (end.type === 'expired') {
        // Many watches expire together after a restart of the server: not all lists in the same moment.
        await this.#wait(this.#backOff.take() / (short ? 1 : 4));
        return DONE;
      }
      if (initial && end.failure.code === 'forbidden' && this.#cutStreams < CUT_STREAMS) {
        // A stream needs the right to watch; a list alone may be allowed.
        this.#cutStreams = CUT_STREAMS;
        return this.#mirror(path, gap);
      }
      if (initial) return { ok: false, failure: end.failure };
      if (end.failure.code === 'forbidden') {
        await this.#wait(POLL_MS);
        return DONE;
      }
      if (isConnectionFailure(end.failure)) this.#sink.failing(this.kind, end.failure);
      await this.#wait(this.#backOff.take());
      // The server answers and does not want this watch: whatever it is, a list starts afresh.
      if (!healsByItself(end.failure)) return DONE;
    }
  }

  async #list(path: string): Promise<Outcome<{ readonly resourceVersion: string }>> {
    this.#shared.counts.lists++;
    this.#kept.begin();
    return listAll(this.#shared.transport, this.kind, path, {
      signal: this.#kick.signal,
      onItem: (item, raw) => void this.#kept.put(item, raw),
      onRestart: () => this.#kept.begin(),
    });
  }

  /** One watch that begins with everything there is; it holds its place among the lists until that has been said. */
  #stream(path: string, gap: Gap | undefined): Promise<WatchEnd> {
    return new Promise((resolve) => {
      void this.#shared.limiter.run(
        () =>
          new Promise<void>((free) => {
            this.#shared.counts.lists++;
            this.#kept.begin();
            const initialEnd = (): void => {
              this.#cutStreams = 0;
              this.#interrupted = undefined;
              this.#all(gap);
              free();
            };
            void this.#watch(path, undefined, initialEnd).then((end) => {
              free();
              resolve(end);
            });
          }),
      );
    });
  }

  #watch(path: string, resourceVersion: string | undefined, onInitialEnd?: () => void): Promise<WatchEnd> {
    this.#shared.counts.watches++;
    return watchOnce({
      transport: this.#shared.transport,
      path,
      resourceVersion,
      signal: this.#kick.signal,
      onOpen: () => {
        if (resourceVersion !== undefined) this.#interrupted = undefined;
        this.#sink.healthy(this.kind);
      },
      onAlive: () => this.#sink.alive(),
      onEvent: ({ type, raw }) => this.#event(type, raw),
      ...(onInitialEnd === undefined ? {} : { onInitialEnd }),
    });
  }

  async #notRead(failure: Failure): Promise<void> {
    if (failure.code === 'cancelled') return this.#wait(0);
    if (isConnectionFailure(failure)) {
      this.#sink.failing(this.kind, failure);
      return this.#wait(this.#backOff.take());
    }
    const words = this.#resourceWords();
    if (failure.code === 'forbidden') this.#gap = { kind: this.kind, because: `forbidden: needs list ${words}` };
    else if (failure.code === 'not-found' && KINDS[this.kind].optional) this.#gap = undefined;
    else if (failure.code === 'not-found') this.#gap = { kind: this.kind, because: `the server does not serve ${words}` };
    else {
      // Of this kind alone (a broken conversion, an overloaded aggregated API): said after the second time, and tried again and again.
      if (this.#failures++ > 0) {
        this.#gap = { kind: this.kind, because: failure.message };
        this.#settle();
      }
      return this.#wait(this.#backOff.take());
    }
    this.#kept.clear();
    // Nothing is known of it that could be out of date.
    this.#interrupted = undefined;
    this.#settle();
    return this.#wait(FORBIDDEN_MS);
  }

  /** Everything there is has been said. */
  #all(gap: Gap | undefined): void {
    this.#failures = 0;
    this.#gap = gap;
    this.#kept.end(gap?.except?.[0]);
    this.#settle();
  }

  #settle(): void {
    this.#settled = true;
    this.#sink.healthy(this.kind);
    this.#sink.settled(this.kind);
  }

  #event(type: 'put' | 'remove', raw: unknown): void {
    this.#shared.counts.events++;
    const item = projectObject(this.kind, raw);
    const gapsChanged = type === 'put' ? this.#kept.put(item, raw) : this.#kept.remove(item, raw);
    if (gapsChanged && this.#settled) this.#sink.settled(this.kind);
  }

  #freshKick(): void {
    if (this.#kick.signal.aborted && !this.#stop.signal.aborted) this.#kick = new AbortController();
  }

  async #wait(ms: number): Promise<void> {
    if (this.#kick.signal.aborted) return;
    await pause(ms, undefined, { signal: this.#kick.signal, ref: false }).catch(() => undefined);
  }

  #resourceWords(): string {
    const { resource, apiVersion } = KINDS[this.kind];
    const group = groupOf(apiVersion);
    return group === '' ? resource : `${resource}.${group}`;
  }
}

const DONE: Outcome<undefined> = { ok: true, value: undefined };
