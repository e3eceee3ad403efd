import type { Point } from './series-row.ts';
import { timeOf } from './series-row.ts';

/** Series in JSON, as the tools that export them write it. */

/** `others`: series beside the first one. */
export interface Found {
  readonly points: readonly Point[];
  readonly others: number;
}

type Object_ = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Object_ => typeof value === 'object' && value !== null && !Array.isArray(value);
const TIMES = ['timestamp', 'time', 'at', 'ts', 't', 'date', 'datetime', 'ds', 'x', '@timestamp', 'epoch', 'Timestamp'];
const VALUES = ['value', 'v', 'y', 'val', 'mean', 'avg', 'average', 'Average', 'Maximum', 'Sum'];
const LISTS = ['series', 'result', 'data', 'values', 'points', 'datapoints', 'Datapoints', 'results', 'rows', 'items'];
const MINUTE = 60_000;
const DEEPEST = 6;

/** The first series in a document; undefined where there is none. */
export function seriesInJson(document: unknown, depth = 0): Found | undefined {
  if (depth > DEEPEST) return undefined;
  if (Array.isArray(document)) return inList(document, depth);
  if (!isObject(document)) return undefined;
  const [times, values] = [listUnder(document, ['at', 'timestamps', 'times', 'time', 'x']), listUnder(document, ['values', 'value', 'y'])];
  if (times !== undefined && values !== undefined) return one(times.map((time, i) => pointOf(time, values[i])));
  for (const name of LISTS) {
    const found = document[name] === undefined ? undefined : seriesInJson(document[name], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A line of JSON by itself: `{"timestamp": …, "value": …}` or `[time, value]`. */
export function pointInJson(line: unknown): Point | undefined {
  if (Array.isArray(line)) return pairOf(line);
  if (!isObject(line)) return undefined;
  const time = TIMES.find((name) => line[name] !== undefined);
  if (time === undefined) return undefined;
  const value =
    VALUES.find((name) => numberOf(line[name]) !== undefined) ??
    Object.keys(line).find((name) => name !== time && numberOf(line[name]) !== undefined);
  return value === undefined ? undefined : pointOf(line[time], line[value]);
}

function inList(list: readonly unknown[], depth: number): Found | undefined {
  if (list.length === 0) return undefined;
  const flat = list.every((item) => typeof item === 'number' || item === null);
  if (flat) return one(list.map((value, i) => (typeof value === 'number' ? { at: i * MINUTE, value } : undefined)));
  const points = list.map(pointInJson);
  if (points.some((point) => point !== undefined)) return one(points);
  const series = list.map((item) => seriesInJson(item, depth + 1)).filter((found) => found !== undefined);
  const [first] = series;
  return first === undefined ? undefined : { points: first.points, others: first.others + series.length - 1 };
}

const one = (points: readonly (Point | undefined)[]): Found => ({ points: points.filter((p) => p !== undefined), others: 0 });

function listUnder(object: Object_, names: readonly string[]): readonly unknown[] | undefined {
  for (const name of names) {
    const value = object[name];
    if (Array.isArray(value) && value.length > 0 && !value.some((item) => typeof item === 'object' && item !== null))
      return value as unknown[];
  }
  return undefined;
}

/** Most write the time first; who writes it last is known by how large it is. */
function pairOf([a, b]: readonly unknown[]): Point | undefined {
  const [first, second] = [numberOf(a), numberOf(b)];
  const swapped = first !== undefined && second !== undefined && second >= 1e8 && first < 1e8;
  return swapped ? pointOf(b, a) : pointOf(a, b);
}

function pointOf(time: unknown, value: unknown): Point | undefined {
  const at = typeof time === 'number' || typeof time === 'string' ? timeOf(String(time)) : undefined;
  const number = numberOf(value);
  return at === undefined || number === undefined ? undefined : { at, value: number };
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
