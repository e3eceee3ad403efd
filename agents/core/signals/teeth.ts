import type { Point } from './series-row.ts';
import { medianOf, quantileOf } from './trend.ts';

/** Where a series falls off: a collector of garbage freed memory, or a process started anew. */

/** The share of its whole range that a series must fall at once. */
const FALL = 0.08;
/** Falls from which on they are the way of the series rather than restarts. */
const TEETH = 6;

/** Index of the first point after each fall. Single outliers are no falls. */
export function fallsOf(points: readonly Point[]): readonly number[] {
  const values = points.map(({ value }, i) => medianOf([points[i - 1]?.value ?? value, value, points[i + 1]?.value ?? value]));
  const range = quantileOf(values, 0.98) - quantileOf(values, 0.02);
  const noise = 1.5 * medianOf(values.slice(1).map((value, i) => Math.abs(value - values[i]!)));
  const least = Math.max(FALL * range, 14 * noise);
  const falls: number[] = [];
  for (let i = 2; i < values.length; i++) {
    const deep = values[i - 2]! - values[i]!;
    if (least > 0 && deep > least && i - (falls.at(-1) ?? -3) > 2) falls.push(i);
  }
  return falls;
}

/** The tops of the teeth, where falling is the way of the series; undefined where it is not. */
export function topsOf(points: readonly Point[], falls: readonly number[]): readonly Point[] | undefined {
  if (falls.length < TEETH) return undefined;
  return falls.map((fall, i) => points.slice(falls[i - 1] ?? 0, fall).reduce((top, p) => (p.value > top.value ? p : top)));
}
