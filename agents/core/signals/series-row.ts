/** One row of an exported series: a time and a value. */

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** `problem` says what is wrong with the row, as the end of a sentence. */
export type Row = { readonly ok: true; readonly point: Point } | { readonly ok: false; readonly problem: string };

const PLAIN = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Above these an epoch is one of milliseconds, microseconds, nanoseconds: seconds of the year 5138 and so on. */
const MILLIS = 1e11;
const MICROS = 1e14;
const NANOS = 1e17;

/** Which cells of a row are meant. */
export interface Form {
  readonly separator: string;
  /** Undefined where rows have no time: they are a minute apart. */
  readonly time: number | undefined;
  readonly value: number;
}

const TIME_NAME =
  /^(?:time|timestamp|ts|date|date_?time|datetime.*|at|t|ds|epoch.*|x|time.?stamp.*|.*_(?:time|at|ts|date)|_time|@timestamp|time .*)$/i;
const VALUE_NAME = /^(?:value|val|v|y|_value|mean|average|avg|metric|usage)$/i;
const MINUTE = 60_000;

/** Tells from the first rows what the rows are like. `heading`: the first says what is in them. */
export function formOf(lines: readonly string[]): { readonly form: Form; readonly heading: boolean } {
  const first = lines[0] ?? '';
  const separator = separatorOf(lines);
  const heads = cellsOf(first, separator);
  const heading = /[a-z]/i.test(first) && !heads.some((cell) => timeOf(cell) !== undefined);
  const cells = cellsOf(lines[heading ? 1 : 0] ?? '', separator);
  const numeric = (i: number) => numberIn(cells[i] ?? '', separator) !== undefined;
  if (cells.length < 2 && heads.length < 2)
    return { form: { separator, time: numeric(0) ? undefined : 0, value: numeric(0) ? 0 : 1 }, heading };
  const named = heading ? heads.findIndex((name) => TIME_NAME.test(name)) : -1;
  const time = named >= 0 ? named : Math.max(0, cells.findIndex(looksLikeTime));
  const others = cells.map((_, i) => i).filter((i) => i !== time);
  const value =
    (heading ? others.find((i) => VALUE_NAME.test(heads[i] ?? '') && numeric(i)) : undefined) ??
    others.find(numeric) ??
    others[0] ??
    time + 1;
  return { form: { separator, time, value }, heading };
}

const PLAIN_FORM: Form = { separator: '', time: 0, value: 1 };

/** A row in its form; without one `timestamp,value` (also with semicolons or tabs, and quotes). `number` counts rows that have no time. */
export function rowOf(line: string, form: Form = PLAIN_FORM, number = 0): Row {
  const separator = form.separator === '' ? separatorOf([line]) : form.separator;
  const cells = cellsOf(line, separator);
  const value = cells[form.value];
  const time = form.time === undefined ? '' : cells[form.time];
  if (time === undefined || value === undefined)
    return {
      ok: false,
      problem:
        cells.length < 2 ? 'is not a timestamp, a comma and a value' : `has no ${value === undefined ? 'value' : 'time'} in its column`,
    };
  const at = form.time === undefined ? number * MINUTE : timeOf(time);
  if (at === undefined) return { ok: false, problem: `has the timestamp ${shown(time)}, which is neither ISO 8601 nor an epoch` };
  const parsed = numberIn(value, separator);
  if (parsed === undefined) return { ok: false, problem: `has the value ${shown(value)}, which is no number` };
  if (!Number.isFinite(parsed)) return { ok: false, problem: `has the value ${shown(value)}, which is too large` };
  return { ok: true, point: { at, value: parsed } };
}

/** Where commas stand in numbers something else stands between them. */
function separatorOf(lines: readonly string[]): string {
  const all = lines.join('\n');
  if (all.includes('\t')) return '\t';
  if (all.includes(';')) return ';';
  if (all.includes(',')) return ',';
  // "2026-11-23 20:18:36 1.5": the space in the time is none between cells.
  return / +[^ ]/.test(all.trim()) ? ' ' : '\t';
}

function cellsOf(line: string, separator: string): string[] {
  if (separator === ' ') {
    const parts = line.trim().split(/ +/);
    return parts[1] !== undefined && DAY.test(parts[0] ?? '') && CLOCK.test(parts[1])
      ? [`${parts[0] ?? ''} ${parts[1]}`, ...parts.slice(2)]
      : parts;
  }
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const c of line)
    if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  return [...cells, cell.trim()];
}
const DAY = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}$/;
const CLOCK = /^\d{1,2}:\d{2}/;

/** Larger than a count of rows is, and than most values. */
const looksLikeTime = (cell: string): boolean => (NUMBER.test(cell) ? Number(cell) >= 1e8 : timeOf(cell) !== undefined);

/** `1,5` is a number where something else stands between cells. */
function numberIn(cell: string, separator: string): number | undefined {
  const text = separator !== ',' && /^[+-]?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell;
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** ISO 8601, or `2026-11-23 20:18:36` as UTC, or an epoch in s, ms, µs or ns. */
export function timeOf(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const number = Number(text);
    const size = Math.abs(number);
    const ms = size < MILLIS ? number * 1000 : size < MICROS ? number : size < NANOS ? number / 1e3 : number / 1e6;
    return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? ms : undefined;
  }
  const plain = PLAIN.exec(text);
  if (plain !== null) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', part = '0'] = plain;
    const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return Number(month) > 12 || Number(day) > 31 ? undefined : ms + Number(`0.${part}`) * 1000;
  }
  // A zone, or the name of a month; what names neither is not guessed at.
  const ms = /^\d{4}-\d{2}-\d{2}[T ]/.test(text)
    ? Date.parse(text)
    : /^[A-Za-z0-9 ,:+-]*[A-Za-z]{3}[A-Za-z0-9 ,:+-]*\d{4}[A-Za-z0-9 ,:+-]*(?:Z|UTC|GMT|[+-]\d{4})$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const shown = (text: string): string => (text === '' ? '(nothing)' : JSON.stringify(text.slice(0, 40)));
