import type { ChartLine } from '../../agents/contract/index.ts';

/** Lines of a chart as one table of columns, which is how they are drawn. Pure. */

/** null: nothing is known, the line ends here and begins again; undefined: another line has a point here, this one goes on. */
export type Cell = number | null | undefined;

export interface Columns {
  readonly at: readonly number[];
  readonly values: readonly (readonly Cell[])[];
}

/** Spans no longer than this are the samples themselves. */
export const AS_THEY_CAME_MS = 15_000;

/**
 * A span with a lowest and a highest value is two points, half a span apart: at a span a pixel they are one upright stroke, so that nothing that was
 * between them is smoothed away, and there are never more than two points a pixel.
 */
export function columnsOf(lines: readonly Pick<ChartLine, 'at' | 'min' | 'max' | 'gaps'>[], step: number): Columns {
  const half = step > AS_THEY_CAME_MS ? step / 2 : 0;
  const times = new Set<number>();
  for (const { at, gaps } of lines) {
    for (const t of at) {
      times.add(t);
      if (half > 0) times.add(t + half);
    }
    for (const [from, to] of gaps) times.add(middleOf(from, to));
  }
  const at = [...times].sort((a, b) => a - b);
  const places = new Map(at.map((t, i) => [t, i]));
  const values = lines.map((line) => {
    const column = new Array<Cell>(at.length).fill(undefined);
    line.at.forEach((t, i) => {
      column[places.get(t)!] = line.min[i];
      if (half > 0) column[places.get(t + half)!] = line.max[i];
    });
    for (const [from, to] of line.gaps) column[places.get(middleOf(from, to))!] = null;
    return column;
  });
  return { at, values };
}

const middleOf = (from: number, to: number): number => Math.round((from + to) / 2);

/** The place of the last time that is not after `t`; -1 where all are. */
export function placeBefore(at: readonly number[], t: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The span of a line that holds a moment, or the nearest one no farther than `reach`. */
export function spanAt({ at }: Pick<ChartLine, 'at'>, t: number, reach: number): number | undefined {
  const before = placeBefore(at, t);
  const near = [before, before + 1].filter((i) => at[i] !== undefined && Math.abs(at[i] - t) <= reach);
  return near.sort((a, b) => Math.abs(at[a]! - t) - Math.abs(at[b]! - t))[0];
}
