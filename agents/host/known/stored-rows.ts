import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { ContextName } from '../../contract/index.ts';
import type { PackedRow } from '../../core/row.ts';
import type { KindRows, ReadableKnown, RowsAnswer, RowsQuery } from './known.ts';
import { FirstRows, inNamespaces, keyOfRow } from './rows-order.ts';

const decompress = promisify(zstdDecompress);

/** Blocks that were opened lately stay open, for pages follow each other; about 300 bytes a row in memory. */
const OPEN_ROWS = 100_000;

interface Open {
  readonly at: number;
  readonly parts: readonly (readonly PackedRow[])[];
  readonly count: number;
}

/** Rows as they were last stored, in pages. */
export class StoredRows {
  readonly #store: ReadableKnown;
  readonly #open = new Map<string, Open>();

  constructor(store: ReadableKnown) {
    this.#store = store;
  }

  /** The page, and when its rows were read from the cluster. Undefined where no rows of that kind are stored. */
  async page(context: ContextName, query: RowsQuery): Promise<(RowsAnswer & { readonly at: number }) | undefined> {
    const { kind } = query;
    const open = await this.#read(context, kind);
    if (open === undefined) return undefined;
    const first = new FirstRows(context, query);
    for (const part of open.parts) for (const row of part) if (inNamespaces(keyOfRow(row), query.namespaces)) first.offer(row);
    return { rows: first.rows(), total: first.total, gaps: [], at: open.at };
  }

  /** The rows of that context have changed, or are another cluster's. */
  forget(context: ContextName): void {
    for (const name of [...this.#open.keys()]) if (name.startsWith(`${context}\n`)) this.#open.delete(name);
  }

  async #read(context: ContextName, kind: RowsQuery['kind']): Promise<Open | undefined> {
    const name = `${context}\n${kind}`;
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const stored = await this.#store.knownRows(context, kind);
    if (stored === undefined) return undefined;
    const open = { at: stored.at, parts: await openParts(stored), count: stored.parts.reduce((sum, p) => sum + p.count, 0) };
    this.#open.set(name, open);
    let rows = 0;
    for (const [key, { count }] of [...this.#open].reverse()) {
      rows += count;
      if (rows > OPEN_ROWS && key !== name) this.#open.delete(key);
    }
    return open;
  }
}

/** Blocks are ours, written by this build or one before it: what is no row any more is left out. */
async function openParts({ parts }: KindRows): Promise<readonly (readonly PackedRow[])[]> {
  const opened: (readonly PackedRow[])[] = [];
  for (const { blob } of parts) {
    const rows = JSON.parse((await decompress(blob)).toString('utf8')) as unknown;
    opened.push(Array.isArray(rows) ? rows.filter(isRow) : []);
  }
  return opened;
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
