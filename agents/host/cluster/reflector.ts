import { setTimeout as pause } from 'node:timers/promises';
import { type Failure, KINDS, type Kind, type KubeObject, type Outcome } from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import { BackOff, type Limiter } from './back-off.ts';
import { healsByItself, isConnectionFailure } from './failures.ts';
import { type Listed, listAll } from './list.ts';
import { collectionPath, groupOf } from './paths.ts';
import { type Projected, metaOf, projectObject } from './projecting.ts';
import type { ReadOnlyTransport } from './transport.ts';
import { watchOnce } from './watch.ts';

/** What a reflector tells its session. `object` undefined = it is gone. */
interface ReflectorSink {
  changed(kind: Kind, key: string, object: KubeObject | undefined): void;
  /** The kind was listed, or it is known why it cannot be. */
  settled(kind: Kind): void;
  /** The last attempt failed because of the cluster, not of this kind. */
  failing(kind: Kind, failure: Failure): void;
  healthy(kind: Kind): void;
  alive(): void;
}

/** A kind that was forbidden or not served is tried again after this long. */
const FORBIDDEN_MS = 60_000;
/** A kind that may be listed and not watched is listed this often. */
const POLL_MS = 30_000;
/** A watch that lived shorter than this counts as a failed attempt. */
const SHORT_LIFE_MS = 1_000;
const MOST_BAD_NAMED = 3;

/**
 * Mirrors one kind of one cluster: list, watch from there, resume after a cut, list again when the version is lost. After a list only
 * what differs is told. Where the whole cluster may not be listed, the namespace of the context is read, and the gap says so.
 */
export class Reflector {
  readonly kind: Kind;
  readonly #transport: ReadOnlyTransport;
  readonly #namespace: string;
  readonly #limiter: Limiter;
  readonly #sink: ReflectorSink;
  readonly #backOff = new BackOff();
  readonly #stop = new AbortController();
  readonly #objects = new Map<string, KubeObject>();
  readonly #bad = new Map<string, Extract<Projected, { ok: false }>>();
  #kick = new AbortController();
  #gap: Gap | undefined;
  #settled = false;
  #relist = false;
  #failures = 0;

  constructor(kind: Kind, transport: ReadOnlyTransport, namespace: string, limiter: Limiter, sink: ReflectorSink) {
    this.kind = kind;
    this.#transport = transport;
    this.#namespace = namespace;
    this.#limiter = limiter;
    this.#sink = sink;
  }

  get objects(): ReadonlyMap<string, KubeObject> {
    return this.#objects;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** What of this kind could not be read: all, all but one namespace, or the namespaces of objects that make no sense. */
  get gaps(): readonly Gap[] {
    const gaps: Gap[] = this.#gap === undefined ? [] : [this.#gap];
    const places = new Map<string | undefined, string[]>();
    for (const [key, { namespace, because }] of this.#bad) {
      const list = places.get(namespace) ?? [];
      places.set(namespace, list);
      list.push(`${key} (${because})`);
    }
    for (const [namespace, list] of places) {
      const more = list.length > MOST_BAD_NAMED ? ` and ${list.length - MOST_BAD_NAMED} more` : '';
      const because = `cannot be understood: ${list.slice(0, MOST_BAD_NAMED).join(', ')}${more}`;
      gaps.push({ kind: this.kind, ...(namespace === undefined ? {} : { namespace }), because });
    }
    return gaps;
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
    while (!this.#stop.signal.aborted) {
      this.#freshKick();
      this.#relist = false;
      const listed = await this.#limiter.run(() => this.#list());
      if (this.#stop.signal.aborted) return;
      if (!listed.ok) {
        await this.#notListed(listed.failure);
        continue;
      }
      this.#take(listed.value.listed);
      await this.#watch(listed.value.path, listed.value.listed.resourceVersion);
    }
  }

  async #list(): Promise<Outcome<{ listed: Listed; path: string }>> {
    const row = KINDS[this.kind];
    const signal = this.#kick.signal;
    const path = collectionPath(row);
    const all = await listAll(this.#transport, this.kind, path, { signal });
    if (all.ok) {
      this.#gap = undefined;
      return { ok: true, value: { listed: all.value, path } };
    }
    if (all.failure.code !== 'forbidden' || !row.namespaced) return all;
    const inside = collectionPath(row, this.#namespace);
    const some = await listAll(this.#transport, this.kind, inside, { signal });
    if (!some.ok) return some.failure.code === 'forbidden' ? all : some;
    const because = `forbidden: needs list ${this.#resourceWords()}; only namespace ${this.#namespace} was read`;
    this.#gap = { kind: this.kind, except: [this.#namespace], because };
    return { ok: true, value: { listed: some.value, path: inside } };
  }

  async #notListed(failure: Failure): Promise<void> {
    if (failure.code === 'cancelled') return this.#wait(0);
    if (isConnectionFailure(failure)) {
      this.#sink.failing(this.kind, failure);
      return this.#wait(this.#backOff.take());
    }
    const words = this.#resourceWords();
    if (failure.code === 'forbidden') this.#gap = { kind: this.kind, because: `forbidden: needs list ${words}` };
    else if (failure.code === 'not-found') this.#gap = { kind: this.kind, because: `the server does not serve ${words}` };
    else {
      // Of this kind alone (a broken conversion, an overloaded aggregated API): said after the second time, and tried again and again.
      if (this.#failures++ > 0) {
        this.#gap = { kind: this.kind, because: failure.message };
        this.#settle();
      }
      return this.#wait(this.#backOff.take());
    }
    this.#bad.clear();
    for (const key of [...this.#objects.keys()]) this.#put(key, undefined);
    this.#settle();
    return this.#wait(FORBIDDEN_MS);
  }

  #take({ items }: Listed): void {
    const keys = new Set(items.map((item) => item.key));
    this.#failures = 0;
    this.#bad.clear();
    for (const item of items) this.#apply(item);
    for (const key of [...this.#objects.keys()]) if (!keys.has(key)) this.#put(key, undefined);
    this.#settle();
  }

  #settle(): void {
    this.#settled = true;
    this.#sink.healthy(this.kind);
    this.#sink.settled(this.kind);
  }

  #apply(item: Projected): void {
    if (item.ok) {
      const before = this.#objects.get(item.key)?.metadata;
      const { resourceVersion, uid } = item.object.metadata;
      if (before !== undefined && resourceVersion !== '' && before.resourceVersion === resourceVersion && before.uid === uid) return;
      this.#put(item.key, item.object);
      return;
    }
    this.#bad.set(item.key, item);
    if (this.#objects.has(item.key)) this.#put(item.key, undefined);
  }

  #put(key: string, object: KubeObject | undefined): void {
    if (object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    this.#sink.changed(this.kind, key, object);
  }

  /** Watches until a new list is needed. */
  async #watch(path: string, from: string): Promise<void> {
    let resourceVersion = from;
    while (!this.#stop.signal.aborted) {
      this.#freshKick();
      const started = performance.now();
      const end = await watchOnce({
        transport: this.#transport,
        path,
        resourceVersion,
        signal: this.#kick.signal,
        onOpen: () => this.#sink.healthy(this.kind),
        onAlive: () => this.#sink.alive(),
        onEvent: ({ type, raw }) => this.#event(type, raw),
      });
      const short = performance.now() - started < SHORT_LIFE_MS;
      if (!short) this.#backOff.reset();
      if (this.#relist) return;
      if (end.type === 'ended') {
        resourceVersion = end.resourceVersion;
        if (short) await this.#wait(this.#backOff.take());
        continue;
      }
      if (end.type === 'expired') {
        // Many watches expire together after a restart of the server: not all lists in the same moment.
        await this.#wait(this.#backOff.take() / 4);
        return;
      }
      if (end.failure.code === 'forbidden') {
        await this.#wait(POLL_MS);
        return;
      }
      if (isConnectionFailure(end.failure)) this.#sink.failing(this.kind, end.failure);
      await this.#wait(this.#backOff.take());
      // The server answers and does not want this watch: whatever it is, a list starts afresh.
      if (!healsByItself(end.failure)) return;
    }
  }

  #event(type: 'put' | 'remove', raw: unknown): void {
    const item = projectObject(this.kind, raw);
    const wasBad = this.#bad.delete(item.key);
    if (type === 'put') this.#apply(item);
    else {
      const { name } = metaOf(raw);
      if (name !== undefined && this.#objects.has(item.key)) this.#put(item.key, undefined);
    }
    if (wasBad || !item.ok) this.#sink.settled(this.kind);
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
