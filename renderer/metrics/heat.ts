/** Heat maps: cells in the order of their names, so that a place is learned once; the colour says how full. Pure. */

export interface HeatCell {
  readonly key: string;
  readonly name: string;
  readonly href: string | undefined;
  /** 0 to 1 and above; undefined: not known. */
  readonly share: number | undefined;
  readonly words: string;
}

/** How full, in steps that stay apart for people who do not see the colour: each has its mark as well. */
export const HEATS = ['well', 'warm', 'degraded', 'broken', 'unknown'] as const;
export type Heat = (typeof HEATS)[number];
export const HEAT_WORDS: Readonly<Record<Heat, string>> = {
  well: 'below 60 %',
  warm: '60 to 80 %',
  degraded: '80 to 95 %',
  broken: '95 % and more',
  unknown: 'not known',
};

export const heatOf = (share: number | undefined): Heat =>
  share === undefined || Number.isNaN(share)
    ? 'unknown'
    : share < 0.6
      ? 'well'
      : share < 0.8
        ? 'warm'
        : share < 0.95
          ? 'degraded'
          : 'broken';

const GAP = 4;
const LEAST = 14;
const MOST_WIDE = 148;
const MOST_HIGH = 52;

export interface HeatGrid {
  readonly columns: number;
  readonly wide: number;
  readonly high: number;
  readonly height: number;
}

/** Cells as large as they fit into the room, and no larger than reads well; where they do not fit at their smallest, the room grows downwards. */
export function heatGrid(cells: number, width: number, room: number): HeatGrid {
  const usable = Math.max(LEAST, width);
  for (let wide = Math.min(MOST_WIDE, usable); wide > LEAST; wide -= 2) {
    const grid = gridAt(cells, usable, wide);
    if (grid.height <= room) return grid;
  }
  return gridAt(cells, usable, LEAST);
}

function gridAt(cells: number, width: number, wide: number): HeatGrid {
  const columns = Math.max(1, Math.floor((width + GAP) / (wide + GAP)));
  const own = Math.floor((width - (columns - 1) * GAP) / columns);
  const fit = Math.min(own, MOST_WIDE);
  const high = Math.min(MOST_HIGH, Math.max(LEAST, Math.round(fit * 0.4)));
  return { columns, wide: fit, high, height: Math.max(1, Math.ceil(cells / columns)) * (high + GAP) - GAP };
}

export const placeOfCell = (i: number, { columns, wide, high }: HeatGrid) => ({
  x: (i % columns) * (wide + GAP),
  y: Math.floor(i / columns) * (high + GAP),
});

/** The cell under a point; undefined between them. */
export function cellAt(x: number, y: number, cells: number, { columns, wide, high }: HeatGrid): number | undefined {
  const column = Math.floor(x / (wide + GAP));
  const row = Math.floor(y / (high + GAP));
  if (x < 0 || y < 0 || column >= columns || x - column * (wide + GAP) > wide || y - row * (high + GAP) > high) return undefined;
  const i = row * columns + column;
  return i < cells ? i : undefined;
}

/** Where an arrow leads; the same cell at the edge. */
export function stepFrom(i: number, key: string, cells: number, columns: number): number | undefined {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -i, End: cells - 1 - i }[key];
  if (by === undefined) return undefined;
  const next = i + by;
  return next < 0 || next >= cells ? i : next;
}
