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

/** `timestamp,value` (also with semicolons or tabs, and quotes); further columns are not read. */
export function rowOf(line: string): Row {
  const separator = line.includes(',') ? ',' : line.includes(';') ? ';' : '\t';
  const [time, value] = line.split(separator, 2).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  if (time === undefined || value === undefined) return { ok: false, problem: 'is not a timestamp, a comma and a value' };
  const at = timeOf(time);
  if (at === undefined) return { ok: false, problem: `has the timestamp ${shown(time)}, which is neither ISO 8601 nor an epoch` };
  if (!NUMBER.test(value)) return { ok: false, problem: `has the value ${shown(value)}, which is no number` };
  const number = Number(value);
  if (!Number.isFinite(number)) return { ok: false, problem: `has the value ${shown(value)}, which is too large` };
  return { ok: true, point: { at, value: number } };
}

/** ISO 8601, or `2026-11-23 20:18:36` as UTC, or an epoch in s, ms, µs or ns. */
function timeOf(text: string): number | undefined {
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
  const ms = /^\d{4}-\d{2}-\d{2}[T ]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const shown = (text: string): string => (text === '' ? '(nothing)' : JSON.stringify(text.slice(0, 40)));
