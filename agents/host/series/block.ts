import { pack, unpack } from './packed-numbers.ts';

/** What a span of a series held: a sample is a span of its own, a roll-up one of many samples. Times in milliseconds since 1970. */
export interface Span {
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

export const joined = (a: Span, b: Span): Span => ({
  at: a.at,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
  sum: a.sum + b.sum,
  count: a.count + b.count,
});

/** Spans in the order of their times; single samples take one column of values, roll-ups four. */
export function encodeBlock(spans: readonly Span[]): Buffer {
  const columns = [spans.map((s) => s.at), spans.map((s) => s.min)];
  if (spans.some((s) => s.count !== 1)) columns.push(...(['max', 'sum', 'count'] as const).map((key) => spans.map((s) => s[key])));
  return encodeColumns(columns.map((column) => Float64Array.from(column)));
}

/** Columns as `decodeColumns` gives them back. */
export function encodeColumns(columns: readonly Float64Array[]): Buffer {
  const packed = columns.map(pack);
  const head = Buffer.alloc(1 + 4 * packed.length);
  head[0] = packed.length;
  packed.forEach((column, i) => head.writeUInt32LE(column.length, 1 + 4 * i));
  return Buffer.concat([head, ...packed]);
}

/** The columns as they were: times, then least, and of roll-ups also largest, sum and count. */
export function decodeColumns(data: Buffer, count: number): readonly Float64Array[] {
  const columns = data[0] ?? 0;
  let place = 1 + 4 * columns;
  return Array.from({ length: columns }, (_, i) => {
    const length = data.readUInt32LE(1 + 4 * i);
    place += length;
    return unpack(data.subarray(place - length, place), count);
  });
}

export function decodeBlock(data: Buffer, count: number): Span[] {
  const [at, min, max = min, sum = min, counts] = decodeColumns(data, count);
  return Array.from({ length: count }, (_, i) => ({ at: at![i]!, min: min![i]!, max: max![i]!, sum: sum![i]!, count: counts?.[i] ?? 1 }));
}
