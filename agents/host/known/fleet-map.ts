import type { ContextName, MapPart } from '../../contract/index.ts';
import { isLive } from '../../core/cluster-state.ts';
import { MAP_KINDS, MapShelf } from '../../core/map-shelf.ts';
import { Limiter } from '../cluster/back-off.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Kube } from '../ports/kube.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import type { ClusterStates } from './cluster-states.ts';
import { MapBook } from './map-book.ts';
import type { StoredRows } from './stored-rows.ts';

/** After the last reader has gone, for who comes back soon. */
const LINGER_MS = 20_000;
/** Parts are handed to one reader no oftener: a page draws four times a second what a cluster does a thousand times. */
const PACE_MS = 250;
const READ_AT_ONCE = 2;
/** How long `get` waits for clusters that are being read. */
const GET_MS = 15_000;

interface FleetMapParts {
  readonly kube: Pick<Kube, 'followMap' | 'onNotice' | 'kubeconfig'>;
  readonly states: ClusterStates;
  readonly stored: StoredRows;
  readonly clock: Clock;
}

/** The map of all contexts, for as many readers as there are; kept only while somebody reads. */
export class FleetMap {
  readonly #parts: FleetMapParts;
  readonly #books = new Map<ContextName, MapBook>();
  readonly #readers = new Map<object, () => void>();
  /** One after the other, so that the first is on the page while the next is read. */
  readonly #reading = new Limiter(READ_AT_ONCE);
  #off: (() => void) | undefined;
  #cancelLinger: (() => void) | undefined;

  constructor(parts: FleetMapParts) {
    this.#parts = parts;
  }

  /** Every context once, whole; those that are being read for the first time as far as they have come in the time. */
  async get(signal: AbortSignal | undefined): Promise<MapPart[]> {
    const { contexts } = await this.#parts.kube.kubeconfig();
    const missing = new Set(contexts.map((c) => c.name));
    const parts: MapPart[] = [];
    const late = new AbortController();
    const cancel = this.#parts.clock.after(GET_MS, () => late.abort());
    for await (const part of this.follow(AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]))) {
      if (!part.whole || !missing.delete(part.context)) continue;
      parts.push(part);
      if (missing.size === 0) break;
    }
    cancel();
    return parts;
  }

  /** First every context whole, as soon as it is known; then what changes. Ends with the signal. */
  async *follow(signal: AbortSignal | undefined): AsyncGenerator<MapPart, void> {
    const reader = {};
    let wake: () => void = () => undefined;
    this.#begin(reader, () => wake());
    const ended = () => wake();
    signal?.addEventListener('abort', ended);
    try {
      await this.#rememberAll();
      for (;;) {
        if (isOver(signal)) return;
        const sleep = new Promise<void>((resolve) => (wake = resolve));
        let [told, changes] = [0, 0];
        for (const book of this.#books.values()) {
          const part = book.read(reader);
          if (part === undefined) continue;
          told++;
          if (!part.whole) changes++;
          yield part;
          if (isOver(signal)) return;
        }
        if (told === 0) await sleep;
        else if (changes > 0) await this.#pause(signal);
      }
    } finally {
      signal?.removeEventListener('abort', ended);
      this.#end(reader);
    }
  }

  #begin(reader: object, wake: () => void): void {
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    this.#readers.set(reader, wake);
    for (const book of this.#books.values()) book.open(reader);
    if (this.#off !== undefined) return;
    const { kube } = this.#parts;
    this.#off = kube.onNotice((notice) => {
      if (notice.type === 'map') this.#take(notice.part);
      if (notice.type === 'kubeconfigChanged') void this.#rememberAll();
    });
    kube.followMap(true);
  }

  #end(reader: object): void {
    this.#readers.delete(reader);
    for (const book of this.#books.values()) book.close(reader);
    if (this.#readers.size > 0) return;
    this.#cancelLinger?.();
    this.#cancelLinger = this.#parts.clock.after(LINGER_MS, () => {
      this.#cancelLinger = undefined;
      if (this.#readers.size > 0) return;
      this.#off?.();
      this.#off = undefined;
      this.#parts.kube.followMap(false);
      this.#books.clear();
    });
  }

  #take(part: MapPart): void {
    this.#book(part.context).take(part);
    for (const wake of this.#readers.values()) wake();
  }

  #book(context: ContextName): MapBook {
    let book = this.#books.get(context);
    if (book === undefined) {
      this.#books.set(context, (book = new MapBook(context)));
      for (const reader of this.#readers.keys()) book.open(reader);
    }
    return book;
  }

  async #rememberAll(): Promise<void> {
    const { contexts } = await this.#parts.kube.kubeconfig();
    for (const context of contexts) void this.#reading.run(() => this.#remember(context));
  }

  /** What was known of a context that is not watched. A watch that speaks meanwhile knows better. */
  async #remember({ name, place }: KubeContext): Promise<void> {
    const { states, stored } = this.#parts;
    const condition = states.get(name, place);
    if (isLive(condition.state) || this.#book(name).known) return;
    const shelf = new MapShelf({ once: true });
    let at: number | undefined;
    if (condition.confirmedAt !== undefined)
      for (const kind of MAP_KINDS) {
        const rows = await stored.all(name, kind);
        for (const row of rows?.rows ?? []) shelf.put(kind, row);
        if (rows !== undefined && kind === 'Pod') at = states.unkept(name).includes(kind) ? rows.at : condition.confirmedAt;
      }
    if (this.#book(name).known) return;
    this.#take(shelf.whole(name, false, at === undefined ? null : new Date(at).toISOString()));
  }

  #pause(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(PACE_MS, done);
      function done() {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done);
    });
  }
}

const isOver = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;
