import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { ContextName, Kind } from '../../contract/index.ts';
import type { PackedRow } from '../../core/row.ts';
import type { ReadableKnown, RowsAnswer, RowsPart, RowsQuery } from './known.ts';
import { FirstRows, inNamespaces, keyOfRow } from './rows-order.ts';

const decompress = promisify(zstdDecompress);

/** Blocks that were opened lately stay open, for pages follow each other; about 300 bytes a row in memory. */
const OPEN_ROWS = 100_000;

/** What is stored of one kind of one cluster; its blocks are opened when somebody needs their rows. */
interface Stored {
  readonly at: number;
  readonly parts: readonly RowsPart[];
  readonly rows: (Promise<readonly PackedRow[]> | undefined)[];
}

/** Rows as they were last stored, in pages. */
export class StoredRows {
  readonly #store: ReadableKnown;
  readonly #known = new Map<string, Stored>();

  constructor(store: ReadableKnown) {
    this.#store = store;
  }

  /** The page, and when its rows were read from the cluster. Undefined where no rows of that kind are stored, or none that can be read. */
  async page(context: ContextName, query: RowsQuery): Promise<(RowsAnswer & { readonly at: number }) | undefined> {
    try {
      return await this.#page(context, query);
    } catch {
      // A block that is damaged, or was written otherwise: a memory that cannot be read is none.
      this.forget(context);
      return undefined;
    }
  }

  async #page(context: ContextName, query: RowsQuery): Promise<(RowsAnswer & { readonly at: number }) | undefined> {
    const stored = await this.#find(context, query.kind);
    if (stored === undefined) return undefined;
    const { sort, search, namespaces, limit } = query;
    // Blocks are stored in the order of names: the page is complete as soon as enough rows were found.
    const inOrder = sort.by === 'name' && !sort.descending && search === '' && namespaces.length === 0;
    const first = new FirstRows(context, query);
    for (const i of stored.parts.keys()) {
      for (const row of await rowsOf(stored, i)) if (inNamespaces(keyOfRow(row), namespaces)) first.offer(row);
      if (inOrder && first.found >= limit) break;
    }
    this.#trim(stored);
    const total = inOrder ? stored.parts.reduce((sum, p) => sum + p.count, 0) : first.total;
    return { rows: first.rows(), total, gaps: [], at: stored.at };
  }

  /** All rows of a kind in the order of their names, not kept open. Undefined as for a page. */
  async all(context: ContextName, kind: Kind): Promise<{ readonly rows: readonly PackedRow[]; readonly at: number } | undefined> {
    try {
      const stored = await this.#store.knownRows(context, kind);
      if (stored === undefined) return undefined;
      const parts = await Promise.all(stored.parts.map((part) => opened(part.blob)));
      return { rows: parts.flat(), at: stored.at };
    } catch {
      return undefined;
    }
  }

  /** The rows of that context have changed, or are another cluster's. */
  forget(context: ContextName): void {
    for (const name of [...this.#known.keys()]) if (name.startsWith(`${context}\n`)) this.#known.delete(name);
  }

  async #find(context: ContextName, kind: RowsQuery['kind']): Promise<Stored | undefined> {
    const name = `${context}\n${kind}`;
    let stored = this.#known.get(name);
    if (stored === undefined) {
      const rows = await this.#store.knownRows(context, kind);
      if (rows === undefined) return undefined;
      stored = { at: rows.at, parts: rows.parts, rows: [] };
    }
    // Last used last, for the trimming.
    this.#known.delete(name);
    this.#known.set(name, stored);
    return stored;
  }

  /** Lets go of what was used longest ago, but not of what was used just now. */
  #trim(current: Stored): void {
    let open = 0;
    for (const [name, stored] of [...this.#known].reverse()) {
      for (const i of stored.rows.keys()) if (stored.rows[i] !== undefined) open += stored.parts[i]?.count ?? 0;
      if (open > OPEN_ROWS && stored !== current) this.#known.delete(name);
    }
  }
}

function rowsOf({ parts, rows }: Stored, i: number): Promise<readonly PackedRow[]> {
  return (rows[i] ??= opened(parts[i]?.blob ?? new Uint8Array()));
}

/** Blocks are ours, written by this build or one before it: what is no row any more is left out. */
async function opened(blob: Uint8Array): Promise<readonly PackedRow[]> {
  const rows = JSON.parse((await decompress(blob)).toString('utf8')) as unknown;
  return Array.isArray(rows) ? rows.filter(isRow) : [];
}

function isRow(row: unknown): row is PackedRow {
  if (!Array.isArray(row) || row.length !== 7) return false;
  const [namespace, name, uid, created, state, health, cells] = row as unknown[];
  return (
    (namespace === null || typeof namespace === 'string') &&
    typeof name === 'string' &&
    typeof uid === 'string' &&
    (created === null || typeof created === 'number') &&
    typeof state === 'string' &&
    typeof health === 'number' &&
    Array.isArray(cells)
  );
}
