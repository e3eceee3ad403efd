import type { Point } from './series-row.ts';
import { medianOf, quantileOf } from './trend.ts';

/** Where a series falls off: a collector of garbage freed memory, or a process started anew. */

/** The share of its whole range that a series must fall at once, and how many times its own wobble from point to point. */
const FALL = 0.05;
const WOBBLES = 9;
/** What of a fall must be left between the two points before it and the two after it: a single outlier is none. */
const LASTS = 0.25;
/** Falls from which on they are the way of the series rather than restarts. */
const TEETH = 6;

/** Index of the first point after each fall. Single outliers are no falls. */
export function fallsOf(points: readonly Point[]): readonly number[] {
  const values = points.map((p) => p.value);
  const range = quantileOf(values, 0.98) - quantileOf(values, 0.02);
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  // Teeth rise by the same step again and again: what steps differ from that is the wobble, not the step itself.
  const usual = medianOf(steps);
  const least = Math.max(FALL * range, WOBBLES * 1.48 * medianOf(steps.map((step) => Math.abs(step - usual))));
  const falls: number[] = [];
  for (let i = 2; i < values.length; i++) {
    const [earlier, before, here, after] = [values[i - 2]!, values[i - 1]!, values[i]!, values[i + 1] ?? values[i]!];
    const lasting = Math.min(earlier, before) - Math.max(here, after);
    if (least > 0 && before - here > least && lasting > LASTS * least && i - (falls.at(-1) ?? -3) > 2) falls.push(i);
  }
  return falls;
}

/** The tops of the teeth, where falling is the way of the series; undefined where it is not. */
export function topsOf(points: readonly Point[], falls: readonly number[]): readonly Point[] | undefined {
  if (falls.length < TEETH) return undefined;
  return falls.map((fall, i) => points.slice(falls[i - 1] ?? 0, fall).reduce((top, p) => (p.value > top.value ? p : top)));
}
