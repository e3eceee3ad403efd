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
  readonly rows: readonly Row[];
}

export const NO_ROWS: Table = { kind: undefined, columns: [], rows: [] };

/** The table with one more page. Clusters may serve a kind in other columns: cells go by the name of their column. */
export function withPage(table: Table, context: string, page: TablePage): Table {
  const shown = page.columns.flatMap((c, at) => (c.priority === 0 ? [{ name: c.name, at }] : []));
  const columns = [...table.columns, ...shown.map((c) => c.name).filter((name) => !table.columns.includes(name))];
  const from = columns.map((name) => shown.find((c) => c.name === name)?.at);
  const rows = page.rows.map(({ namespace, name, cells: all }): Row => {
    const cells = from.map((at) => (at === undefined ? null : (all[at] ?? null)));
    return {
      key: `${context} ${namespace ?? ''} ${name}`,
      context,
      namespace,
      name,
      cells,
      text: [context, namespace ?? '', name, ...cells.map(words)].join(' ').toLowerCase(),
    };
  });
  return { kind: table.kind ?? page.kind, columns, rows: [...table.rows, ...rows] };
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
  const cell = (r: Row): Cell => (by === CONTEXT ? r.context : by === NAMESPACE ? r.namespace : (r.cells[at] ?? null));
  const turn = down ? -1 : 1;
  return rows
    .map((row) => ({ row, rank: rankOf(cell(row)) }))
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank === '' ? 1 : b.rank === '' ? -1 : (a.rank < b.rank ? -1 : 1) * turn))
    .map(({ row }) => row);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };

/** Text whose plain order is the order of people: `9` before `10`, `3m` before `2h`, `web-2` before `web-10`. */
function rankOf(cell: Cell): string {
  const text = words(cell).toLowerCase();
  const long = /^(\d+[smhdy])+$/.test(text)
    ? String([...text.matchAll(/(\d+)([smhdy])/g)].reduce((sum, [, n, unit = '']) => sum + Number(n) * (SECONDS[unit] ?? 0), 0))
    : text;
  return long.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}
