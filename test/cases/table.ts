import type { Played } from './play.ts';

const mark = (value: boolean | undefined) => (value === undefined ? '-' : value ? 'yes' : 'NO');
const seconds = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1));

const COLUMNS: readonly (readonly [string, (p: Played) => string])[] = [
  ['case', (p) => p.id],
  ['cause', (p) => p.cause ?? '-'],
  ['found', (p) => mark(p.found)],
  ['one', (p) => mark(p.one)],
  ['visible to incident, s', (p) => seconds(p.seconds)],
  ['plan', (p) => p.plan ?? '-'],
  ['repaired', (p) => mark(p.repaired)],
  ['verified, s', (p) => seconds(p.verifiedSeconds)],
  ['bystanders', (p) => mark(p.bystanders)],
];

/** A table for people; what failed follows it, a line each. */
export function table(rows: readonly Played[]): string {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const failed = rows.flatMap((row) => row.failures.map((failure) => `${row.id}: ${failure}`));
  return [...lines, ...(failed.length > 0 ? ['', ...failed] : [])].join('\n');
}
