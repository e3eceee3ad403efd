import type { Point } from './series-row.ts';

/** A straight line through the newest part of a series for which one line holds. Times in milliseconds. */
export interface Trend {
  readonly from: number;
  readonly to: number;
  /** Change of the value a millisecond, and how uncertain it is (one standard error). */
  readonly slope: number;
  readonly slopeError: number;
  /** The line's value at `to`. */
  readonly level: number;
}

const BLOCKS = 20;
const FEWEST_BLOCKS = 6;
const SHORTER = 0.75;
/** How far the quarters of what the line leaves over may be from it, in standard errors. */
const STRAIGHT = 3.5;
/** How far the newest points may be from it, in deviations of single points. */
const NEWEST = 1.5;

export const medianOf = (values: readonly number[]): number => quantileOf(values, 0.5);

export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** The longest newest part, at least `least` milliseconds long, in which a line holds; undefined where there is too little. */
export function newestTrend(points: readonly Point[], least: number): Trend | undefined {
  const to = points.at(-1)?.at;
  const from = points[0]?.at;
  if (to === undefined || from === undefined) return undefined;
  let shortest: Trend | undefined;
  for (let length = to - from; length >= least; length *= SHORTER) {
    const part = points.slice(firstFrom(points, to - length));
    const line = lineOf(part, least);
    if (line === undefined) break;
    shortest = line.trend;
    if (line.straight) return line.trend;
  }
  return shortest;
}

function firstFrom(points: readonly Point[], at: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Blocks of points are taken by their medians, so that outliers and what wobbles from point to point do not count. */
function lineOf(points: readonly Point[], least: number): { readonly trend: Trend; readonly straight: boolean } | undefined {
  const count = Math.min(BLOCKS, points.length < 2 * BLOCKS ? points.length : Math.floor(points.length / 2));
  if (count < FEWEST_BLOCKS) return undefined;
  const blocks = Array.from({ length: count }, (_, i) => {
    const own = points.slice(Math.floor((i * points.length) / count), Math.floor(((i + 1) * points.length) / count));
    return { at: own.reduce((sum, p) => sum + p.at, 0) / own.length, value: medianOf(own.map((p) => p.value)) };
  });
  const [from, to] = [points[0]!.at, points.at(-1)!.at];
  const slopes: number[] = [];
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      const passed = blocks[j]!.at - blocks[i]!.at;
      if (passed > 0) slopes.push((blocks[j]!.value - blocks[i]!.value) / passed);
    }
  if (slopes.length === 0) return undefined;
  const slope = medianOf(slopes);
  const level = medianOf(blocks.map((b) => b.value + slope * (to - b.at)));
  const left = blocks.map((b) => b.value - (level - slope * (to - b.at)));
  // What is left is measured from block to block: neither a bend nor a step hides itself by making the noise look larger.
  const steps = left.slice(1).map((value, i) => Math.abs(value - left[i]!));
  const noise = 1.05 * medianOf(steps);
  const spread = Math.sqrt(left.reduce((sum, v) => sum + v * v, 0) / count);
  const middle = blocks.reduce((sum, b) => sum + b.at, 0) / count;
  const width = Math.sqrt(blocks.reduce((sum, b) => sum + (b.at - middle) ** 2, 0));
  const quarter = Math.max(1, Math.floor(count / 4));
  const bend = [0, 1, 2, 3].map((i) => {
    const own = left.slice(i * quarter, i === 3 ? count : (i + 1) * quarter);
    return (Math.abs(own.reduce((sum, v) => sum + v, 0)) / own.length) * Math.sqrt(own.length);
  });
  const single = points.map((p) => p.value - (level - slope * (to - p.at)));
  const newest = Math.abs(medianOf(single.filter((_, i) => points[i]!.at > to - least)));
  const deviation = 1.48 * medianOf(single.map(Math.abs));
  const rounding = 1e-9 * (Math.abs(level) + Math.abs(slope) * (to - from));
  return {
    trend: { from, to, slope, slopeError: Math.max(noise, spread) / width, level },
    straight: Math.max(...bend) <= STRAIGHT * noise + rounding && newest <= NEWEST * deviation + rounding,
  };
}
