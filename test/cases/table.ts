import type { Played } from './played.ts';

const mark = (value: boolean | undefined) => (value === undefined ? '-' : value ? 'yes' : 'NO');
const seconds = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1));

const COLUMNS: readonly (readonly [string, (p: Played) => string])[] = [
  ['case', (p) => (p.says === undefined ? p.id : `${p.id} (${p.says})`)],
  ['cause', (p) => p.cause ?? '-'],
  ['found', (p) => (p.honest === true ? 'says so' : mark(p.found))],
  ['one', (p) => mark(p.one)],
  ['visible to incident, s', (p) => seconds(p.seconds)],
  ['plan', (p) => p.plan ?? '-'],
  ['repaired', (p) => mark(p.repaired)],
  ['verified, s', (p) => seconds(p.verifiedSeconds)],
  ['bystanders', (p) => mark(p.bystanders)],
];

function columns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A table for people; what failed follows it, a line each. */
export function table(rows: readonly Played[]): string {
  const lines = columns([COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))]);
  const failed = rows.flatMap((row) => row.failures.map((failure) => `${row.id}: ${failure}`));
  return [...lines, ...(failed.length > 0 ? ['', ...failed] : [])].join('\n');
}

/** `98 % (49 of 50)` of those it is known of. */
export function share(rows: readonly Played[], of: (p: Played) => boolean | undefined): string {
  const known = rows.map(of).filter((v) => v !== undefined);
  const good = known.filter((v) => v).length;
  return known.length === 0 ? '-' : `${((100 * good) / known.length).toFixed(0)} % (${good} of ${known.length})`;
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

/** The figures of a run, as they stand beside its goals. */
export function figures(rows: readonly Played[]): string {
  const times = rows.flatMap((r) => (r.seconds === undefined ? [] : [Math.max(0, r.seconds)]));
  return columns([
    ['figure', 'reached', 'must reach'],
    ['right cause, or silent', share(rows, (r) => r.found ?? false), '100 %'],
    ['one incident', share(rows, (r) => r.one), '100 %'],
    ['repaired, and still right', share(rows, (r) => r.repaired), '95 %'],
    ['bystanders untouched', share(rows, (r) => r.bystanders), '100 %'],
    ['visible to incident, median', `${percentile(times, 50).toFixed(1)} s`, '1.0 s'],
    ['visible to incident, 95th percentile', `${percentile(times, 95).toFixed(1)} s`, '3.0 s'],
  ]).join('\n');
}

/** How often the cause was right, by family of faults. */
export function byFamily(rows: readonly Played[]): string {
  const families = [...new Set(rows.map((r) => r.family ?? 0))].sort((a, b) => a - b);
  return columns([
    ['family', 'right cause', 'one incident', 'repaired'],
    ...families.map((family) => {
      const of = rows.filter((r) => r.family === family);
      return [String(family), share(of, (r) => r.found ?? false), share(of, (r) => r.one), share(of, (r) => r.repaired)];
    }),
    ['all', share(rows, (r) => r.found ?? false), share(rows, (r) => r.one), share(rows, (r) => r.repaired)],
  ]).join('\n');
}
