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
  return falls.length < TEETH ? undefined : highestBefore(points, falls);
}

const highestBefore = (points: readonly Point[], falls: readonly number[]): readonly Point[] =>
  falls.map((fall, i) => points.slice(falls[i - 1] ?? 0, fall).reduce((top, p) => (p.value > top.value ? p : top)));

/** Tops lie this near to each other, as a share of how far the series falls from them, where the same thing cuts it back each time. */
const ALIKE = 0.25;
const FEWEST_CUTS = 2;
/** So much of that is still about the same height. */
const ABOUT = 0.1;

/**
 * Up to where a series may go before it does what it has not done yet, where all its falls were from about the same height: something cleans
 * up there. Undefined where they were not, or where it fell too seldom to tell.
 */
export function cutBackBelow(points: readonly Point[], falls: readonly number[]): number | undefined {
  if (falls.length < FEWEST_CUTS) return undefined;
  const tops = highestBefore(points, falls).map((p) => p.value);
  const depth = medianOf(tops.map((top, i) => top - points[falls[i]!]!.value));
  const [lowest, highest] = [Math.min(...tops), Math.max(...tops)];
  return highest - lowest <= ALIKE * depth ? highest + ABOUT * depth : undefined;
}
