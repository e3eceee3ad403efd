import type { TablePage } from '../../../contract/index.ts';
import { stemsOf } from '../../../core/knowledge/words.ts';

/** Rows of the server's tables as lines of an answer. */

/** `ferry/ticket-7d9: Ready 1/1, Status Running, Age 4m`; columns that were asked for by name also where they are wide ones. */
export function tableLines({ columns, rows }: TablePage, question: string): string[] {
  const asked = new Set(stemsOf(question));
  const shown = columns.map(({ name, priority }, i) => ({
    name,
    i,
    shown: priority === 0 || stemsOf(name).some((stem) => asked.has(stem)),
  }));
  return rows.map(({ namespace, name, cells }) => {
    const said = shown
      .filter((c) => c.shown && c.name.toLowerCase() !== 'name')
      .map((c) => [c.name, cells[c.i]] as const)
      .filter(([, cell]) => cell !== null && cell !== undefined && cell !== '' && cell !== '<none>')
      .map(([column, cell]) => `${column} ${String(cell)}`);
    return `${namespace === null ? '' : `${namespace}/`}${name}${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
  });
}

/** `10 Running, 2 Pending`; nothing where the kind has no such column. */
export function statesOf(pages: readonly TablePage[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { columns, rows } of pages) {
    const at = columns.findIndex(({ name }) => name.toLowerCase() === 'status');
    if (at === -1) return undefined;
    for (const { cells } of rows) counts.set(String(cells[at]), (counts.get(String(cells[at])) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([state, n]) => `${n} ${state}`)
    .join(', ');
}

/** Rows whose Ready column says that not all of it is, as `0/1`; of Jobs and the like that have ended nobody waits for that. */
export function readyRows({ columns, rows }: TablePage, ready: boolean): TablePage['rows'] {
  const at = (name: string) => columns.findIndex((c) => c.name.toLowerCase() === name);
  const [readyAt, statusAt] = [at('ready'), at('status')];
  return rows.filter(({ cells }) => {
    const status = statusAt === -1 ? '' : String(cells[statusAt]);
    if (/^(?:Completed|Succeeded)$/.test(status)) return ready;
    const [, is, of] = /^(\d+)\/(\d+)$/.exec(String(cells[readyAt])) ?? [];
    return (is === undefined ? /^(?:Ready|Running|Active|Bound|Available)\b/.test(status) : is === of) === ready;
  });
}
