import type { ApiKind, TablePage } from '../../agents/contract/index.ts';

/** Rows of a table of objects: joined from the pages of several clusters, sifted and sorted. Pure; meant for tens of thousands. */

type Cell = TablePage['rows'][number]['cells'][number];

export interface Row {
  readonly key: string;
  readonly context: string;
  readonly namespace: string | null;
  readonly name: string;
  /** In the order of the table's columns. */
  readonly cells: readonly Cell[];
  /** Everything that is shown of it in small letters: what is searched. */
  readonly text: string;
}

export interface Table {
  readonly kind: ApiKind | undefined;
  /** Names, in the order of the first cluster that answered; what only others have comes behind. */
  readonly columns: readonly string[];
  /** Those of them that a server shows only to who asks for more. */
  readonly wide: ReadonlySet<string>;
  readonly rows: readonly Row[];
}

export const NO_ROWS: Table = { kind: undefined, columns: [], wide: new Set(), rows: [] };

/** The table with one more page. Clusters may serve a kind in other columns: cells go by the name of their column. */
export function withPage(table: Table, context: string, page: TablePage): Table {
  const found = page.columns.map((c, at) => ({ ...c, at }));
  const fresh = found.filter((c) => !table.columns.includes(c.name));
  const columns = fresh.length === 0 ? table.columns : [...table.columns, ...fresh.map((c) => c.name)];
  const wide = fresh.some((c) => c.priority > 0)
    ? new Set([...table.wide, ...fresh.filter((c) => c.priority > 0).map((c) => c.name)])
    : table.wide;
  const from = columns.map((name) => found.find((c) => c.name === name)?.at);
  const rows = page.rows.map(({ namespace, name, cells: all }): Row => {
    const cells = from.map((at) => (at === undefined ? null : (all[at] ?? null)));
    // What is not shown at first is not found either: nobody would see why.
    const seen = cells.filter((_, i) => !wide.has(columns[i] ?? ''));
    return {
      key: `${context} ${namespace ?? ''} ${name}`,
      context,
      namespace,
      name,
      cells,
      text: [context, namespace ?? '', name, ...seen.map(words)].join(' ').toLowerCase(),
    };
  });
  return { kind: table.kind ?? page.kind, columns, wide, rows: table.rows.concat(rows) };
}

export const words = (cell: Cell | undefined): string => (cell === null || cell === undefined ? '' : String(cell));

/** Rows that hold every typed word. */
export function sift(rows: readonly Row[], typed: string): readonly Row[] {
  const sought = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return sought.length === 0 ? rows : rows.filter((r) => sought.every((w) => r.text.includes(w)));
}

/** Columns that every table has beside those of the server. */
export const CONTEXT = 'Cluster';
export const NAMESPACE = 'Namespace';

/** By one column; rows that are alike in it stay as they came. What is empty comes last, either way. */
export function sorted({ columns }: Table, rows: readonly Row[], by: string | undefined, down: boolean): readonly Row[] {
  const at = by === undefined ? -1 : columns.indexOf(by);
  if (at < 0 && by !== CONTEXT && by !== NAMESPACE) return rows;
  const cells = rows.map((r): Cell => (by === CONTEXT ? r.context : by === NAMESPACE ? r.namespace : (r.cells[at] ?? null)));
  const turn = down ? -1 : 1;
  const filled: number[] = [];
  const empty: number[] = [];
  for (const [i, cell] of cells.entries()) (words(cell) === '' ? empty : filled).push(i);
  const amounts = filled.map((i) => amountOf(cells[i] ?? null));
  const order = amounts.every((a) => a !== undefined)
    ? inOrder(filled, amounts, (a, b) => (a - b) * turn)
    : inOrder(
        filled,
        filled.map((i) => rankOf(cells[i] ?? null)),
        (a, b) => (a < b ? -turn : a > b ? turn : 0),
      );
  return [...order, ...empty].flatMap((i) => rows[i] ?? []);
}

function inOrder<T>(which: readonly number[], ranks: readonly T[], compare: (a: T, b: T) => number): readonly number[] {
  const places = which.map((_, i) => i);
  places.sort((a, b) => compare(ranks[a] as T, ranks[b] as T) || a - b);
  return places.map((i) => which[i] ?? 0);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };

/** Of a number or a length of time (`5m10s`); undefined where a cell is neither. */
function amountOf(cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell;
  const text = words(cell);
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (!/^(?:\d+[smhdy])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([smhdy])/g)].reduce((sum, [, n, unit = '']) => sum + Number(n) * (SECONDS[unit] ?? 0), 0);
}

/** Text whose plain order is the order of people: `9` before `10`, `web-2` before `web-10`. */
function rankOf(cell: Cell): string {
  const text = words(cell).toLowerCase();
  return /\d/.test(text) ? text.replace(/\d+/g, (digits) => digits.padStart(12, '0')) : text;
}

/** Rows as a file for spreadsheets. What would be taken for a formula there is marked as text. */
export function csvOf(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const field = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [heads, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}
