import type { Point } from './series-row.ts';
import { medianOf, quantileOf } from './trend.ts';

/** What a time of the day adds to or takes from the level, in milliseconds of any day. */
export type DayShape = (at: number) => number;

const DAY = 86_400_000;
const SLOTS = 48;
/** How alike days must be (the correlation of each with the others) to speak of a shape. */
const ALIKE = 0.6;

/** `place`: where in its day, from -0.5 to 0.5. */
interface Placed {
  readonly value: number;
  readonly place: number;
}

/** The shape of the day where at least two whole days are there and look alike. */
export function dayShapeOf(points: readonly Point[]): DayShape | undefined {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const days = Math.min(14, Math.floor((last - first) / DAY));
  if (days < 2) return undefined;
  // Days that end now, so that each is whole.
  const begin = last - days * DAY;
  const cells = Array.from({ length: days }, () => Array.from({ length: SLOTS }, (): Placed[] => []));
  for (const { at, value } of points) {
    const since = at - begin;
    if (since <= 0) continue;
    const day = Math.min(days - 1, Math.floor(since / DAY));
    cells[day]![slotOf(at)]!.push({ value, place: since / DAY - day - 0.5 });
  }
  const rows = cells.map((row) => row.map((cell) => (cell.length === 0 ? Number.NaN : medianOf(cell.map((p) => p.value)))));
  const levels = rows.map((row) => medianOf(row.filter((v) => !Number.isNaN(v))));
  const rise = medianOf(levels.slice(1).map((level, i) => level - levels[i]!));
  // A steady rise within the day is the trend's, not the shape's. Each point by its own time: the slot in which days begin and end holds both.
  const flat = cells.map((row, day) =>
    row.map((cell) => (cell.length === 0 ? Number.NaN : medianOf(cell.map(({ value, place }) => value - rise * place)) - levels[day]!)),
  );
  const shape = Array.from({ length: SLOTS }, (_, slot) => {
    const own = flat.map((row) => row[slot]!).filter((v) => !Number.isNaN(v));
    return own.length === 0 ? 0 : medianOf(own);
  });
  const alike = flat.map((row) => {
    const others = Array.from({ length: SLOTS }, (_, slot) => {
      const own = flat
        .filter((r) => r !== row)
        .map((r) => r[slot]!)
        .filter((v) => !Number.isNaN(v));
      return own.length === 0 ? Number.NaN : medianOf(own);
    });
    return correlation(row, others);
  });
  if (!(quantileOf(alike, 0.25) >= ALIKE)) return undefined;
  return (at) => {
    const place = ((((at % DAY) + DAY) % DAY) / DAY) * SLOTS - 0.5;
    const left = Math.floor(place);
    const [a, b] = [shape[(left + SLOTS) % SLOTS]!, shape[(left + 1) % SLOTS]!];
    return a + (b - a) * (place - left);
  };
}

const slotOf = (at: number): number => Math.min(SLOTS - 1, Math.floor(((((at % DAY) + DAY) % DAY) / DAY) * SLOTS));

function correlation(a: readonly number[], b: readonly number[]): number {
  const pairs = a.flatMap((value, i): (readonly [number, number])[] => (Number.isNaN(value + b[i]!) ? [] : [[value, b[i]!]]));
  const mean = (of: 0 | 1) => pairs.reduce((sum, p) => sum + p[of], 0) / pairs.length;
  const [ma, mb] = [mean(0), mean(1)];
  const sum = (f: (x: number, y: number) => number) => pairs.reduce((all, [x, y]) => all + f(x - ma, y - mb), 0);
  const size = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  return size === 0 ? 0 : sum((x, y) => x * y) / size;
}
