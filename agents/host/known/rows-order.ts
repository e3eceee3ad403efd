import type { PackedRow } from '../../core/row.ts';
import type { ContextName } from '../../contract/index.ts';
import type { RowsCursor, RowsQuery, RowsSort } from './known.ts';

/**
 * The order of rows and which of them are meant, for the kube worker and the store alike, so that a page can be put together from both.
 * Names are ordered as API servers order them, by the code units of `namespace/name`.
 */

export function keyOfRow([namespace, name]: PackedRow): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

/** What a row is sorted by. Ages are sorted by the time of creation turned round: the youngest first. Worst health comes first. */
export function sortValue({ by }: RowsSort, row: PackedRow): string | number {
  switch (by) {
    case 'name':
      return '';
    case 'age':
      return -(row[3] ?? 0);
    case 'state':
      return row[4];
    case 'health':
      return HEALTH_RANK[row[5]] ?? 9;
    default:
      return row[6][by] ?? '';
  }
}

/** By the place in HEALTHS (ok, progressing, warn, fail, unknown): what needs a person comes first. */
const HEALTH_RANK: readonly number[] = [4, 3, 1, 0, 2];

/** Below zero where `a` comes first. Equal values are ordered by name, and equal names by context, whichever way the values go. */
export function compareCursors(a: RowsCursor, b: RowsCursor, descending: boolean): number {
  const values = compareValues(a.value, b.value);
  if (values !== 0) return descending ? -values : values;
  const keys = compareText(a.key, b.key);
  return keys === 0 ? compareText(a.context, b.context) : keys;
}

/** Numbers come before texts; `2/3` and `10/12` are texts that people read as numbers. */
function compareValues(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  if (a === b) return 0;
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  return !Number.isNaN(x) && !Number.isNaN(y) && x !== y ? x - y : compareText(a, b);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether the object of this key can be in the answer, whatever its row says. */
export function inNamespaces(key: string, namespaces: readonly string[]): boolean {
  if (namespaces.length === 0) return true;
  const slash = key.indexOf('/');
  return slash > 0 && namespaces.includes(key.slice(0, slash));
}

export function matches(row: PackedRow, search: string): boolean {
  if (search === '') return true;
  if (keyOfRow(row).toLowerCase().includes(search) || row[4].toLowerCase().includes(search)) return true;
  return row[6].some((cell) => String(cell).toLowerCase().includes(search));
}

/** Keeps the first rows after a cursor while all are offered in any order; never more than twice as many as are wanted. */
export class FirstRows {
  readonly #query: RowsQuery;
  readonly #context: ContextName;
  #kept: { readonly row: PackedRow; readonly place: RowsCursor }[] = [];
  #last: RowsCursor | undefined;
  /** Rows that fit, and those of them that come after the cursor. */
  total = 0;
  found = 0;

  constructor(context: ContextName, query: RowsQuery) {
    this.#context = context;
    this.#query = query;
  }

  offer(row: PackedRow): void {
    const { sort, after, limit, search } = this.#query;
    if (!matches(row, search)) return;
    this.total++;
    const place = { value: sortValue(sort, row), key: keyOfRow(row), context: this.#context };
    if (after !== undefined && compareCursors(place, after, sort.descending) <= 0) return;
    this.found++;
    if (this.#last !== undefined && compareCursors(place, this.#last, sort.descending) > 0) return;
    this.#kept.push({ row, place });
    if (this.#kept.length >= limit * 2) this.#cut();
  }

  /** In order. */
  rows(): readonly PackedRow[] {
    this.#cut();
    return this.#kept.map((k) => k.row);
  }

  #cut(): void {
    const { sort, limit } = this.#query;
    this.#kept.sort((a, b) => compareCursors(a.place, b.place, sort.descending));
    this.#kept.length = Math.min(this.#kept.length, limit);
    if (this.#kept.length === limit) this.#last = this.#kept.at(-1)?.place;
  }
}
