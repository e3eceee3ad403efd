import { setImmediate as breathe } from 'node:timers/promises';
import type { ContextName, Kind, KubeObject } from '../../contract/index.ts';
import { type PackedRow, packRow } from '../../core/row.ts';
import type { Gap } from '../../core/view.ts';
import type { RowsAnswer, RowsQuery } from './known.ts';
import { FirstRows, compareText, inNamespaces } from './rows-order.ts';

/** The objects of a cluster as its watches have them. */
export interface RowSource {
  readonly context: ContextName;
  readonly kinds: readonly Kind[];
  size(kind: Kind): number;
  keys(kind: Kind): Iterable<string>;
  object(kind: Kind, key: string): KubeObject | undefined;
  isSettled(kinds: readonly Kind[]): boolean;
  gaps(kinds: readonly Kind[]): readonly Gap[];
}

/** The thread is given back after so many milliseconds of making rows: watches of other clusters wait meanwhile. */
const SLICE_MS = 8;
/** Rows between two looks at the clock. */
const LOOK_EVERY = 64;

/** Rows of all objects with these keys, in their order; keys whose object is gone meanwhile are passed over. Gives the thread back often. */
export async function* rowsOf(source: RowSource, kind: Kind, keys: readonly string[]): AsyncGenerator<PackedRow[]> {
  let begun = performance.now();
  let slice: PackedRow[] = [];
  for (const [i, key] of keys.entries()) {
    const object = source.object(kind, key);
    if (object !== undefined) slice.push(packRow(object));
    if (i % LOOK_EVERY !== LOOK_EVERY - 1 || performance.now() - begun < SLICE_MS) continue;
    yield slice;
    slice = [];
    await breathe();
    begun = performance.now();
  }
  if (slice.length > 0) yield slice;
}

/** Names in order, kept between pages and corrected with every object that comes or goes, so that a page costs its own rows only. */
export class LiveRows {
  readonly #source: RowSource;
  readonly #sorted = new Map<Kind, string[]>();

  constructor(source: RowSource) {
    this.#source = source;
  }

  /** An object came, changed or went. */
  changed(kind: Kind, key: string): void {
    const keys = this.#sorted.get(kind);
    if (keys === undefined) return;
    const at = firstNotBefore(keys, key);
    const was = keys[at] === key;
    const is = this.#source.object(kind, key) !== undefined;
    if (was === is) return;
    // A list of which many change at once is sorted anew when somebody asks.
    if (this.#source.size(kind) > keys.length * 1.1 + 100 || keys.length > this.#source.size(kind) * 1.1 + 100) this.#sorted.delete(kind);
    else if (is) keys.splice(at, 0, key);
    else keys.splice(at, 1);
  }

  sortedKeys(kind: Kind): readonly string[] {
    let keys = this.#sorted.get(kind);
    if (keys === undefined) this.#sorted.set(kind, (keys = [...this.#source.keys(kind)].sort(compareText)));
    return keys;
  }

  /** Undefined where the kind has not been read to its end. */
  async page(query: RowsQuery): Promise<RowsAnswer | undefined> {
    const { kind, namespaces } = query;
    if (!this.#source.isSettled([kind])) return undefined;
    const gaps = this.#source.gaps([kind]).map((g) => (g.namespace === undefined ? g.because : `in ${g.namespace}: ${g.because}`));
    const byName = query.sort.by === 'name' && !query.sort.descending && query.search === '';
    const keys = this.sortedKeys(kind);
    if (byName) return { ...this.#byName(keys, query), gaps };
    const wanted = namespaces.length === 0 ? [...keys] : keys.filter((key) => inNamespaces(key, namespaces));
    const first = new FirstRows(this.#source.context, query);
    for await (const slice of rowsOf(this.#source, kind, wanted)) for (const row of slice) first.offer(row);
    return { rows: first.rows(), total: first.total, gaps };
  }

  #byName(all: readonly string[], { kind, namespaces, after, limit }: RowsQuery): Omit<RowsAnswer, 'gaps'> {
    const keys = namespaces.length === 0 ? all : all.filter((key) => inNamespaces(key, namespaces));
    let from = 0;
    if (after !== undefined) {
      from = firstNotBefore(keys, after.key);
      // Where the page before ended with this very name in another cluster, ours comes before or after by the context's name.
      if (keys[from] === after.key && compareText(this.#source.context, after.context) <= 0) from++;
    }
    const rows: PackedRow[] = [];
    for (let i = from; i < keys.length && rows.length < limit; i++) {
      const object = this.#source.object(kind, keys[i] ?? '');
      if (object !== undefined) rows.push(packRow(object));
    }
    return { rows, total: keys.length };
  }
}

function firstNotBefore(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
