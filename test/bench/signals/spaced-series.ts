import type { Point } from '../../../agents/core/signals/series-row.ts';
import { Dice } from './dice.ts';

/**
 * Series of any spacing, length, level and season, healthy or with one thing wrong with them. Times of the clock shape them, never the number of
 * a point: a day is a day however far the points are apart.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2025, 4, 5);

export const SPACINGS: readonly (readonly [name: string, ms: number])[] = [
  ['10 s', 10_000],
  ['1 min', MINUTE],
  ['5 min', 5 * MINUTE],
  ['15 min', 15 * MINUTE],
  ['1 h', HOUR],
  ['6 h', 6 * HOUR],
  ['1 d', DAY],
];
export const LENGTHS: readonly number[] = [60, 150, 400, 1_200, 4_000, 12_000];

/** What a series is like when nothing is wrong, and how far it usually strays (what is wrong is measured by that). */
interface Usual {
  readonly values: number[];
  readonly strays: number;
}
type Maker = (dice: Dice, at: readonly number[]) => Usual;

const turn = (at: number, length: number): number => Math.sin((2 * Math.PI * at) / length);
const noisy =
  (shape: (at: number, size: number) => number, sized: (dice: Dice) => number, noise = 0.05): Maker =>
  (dice, at) => {
    const size = sized(dice);
    const strays = Math.abs(size) * noise;
    return { strays, values: at.map((t) => shape(t, size) + strays * dice.bell()) };
  };

const weekdays = (t: number): number => (Math.floor(t / DAY) % 7 === 2 || Math.floor(t / DAY) % 7 === 3 ? 0.5 : 1);

export const MAKERS: Readonly<Record<string, Maker>> = {
  'noise around a level': noisy(
    (_, size) => size,
    (d) => d.between(10, 90),
  ),
  'of the hour': noisy(
    (t, size) => size * (1 + 0.4 * turn(t, HOUR)),
    (d) => d.between(10, 90),
  ),
  'of the day': noisy(
    (t, size) => size * (1 + 0.4 * turn(t, DAY)),
    (d) => d.between(10, 90),
  ),
  'of the week': noisy(
    (t, size) => size * weekdays(t) * (1 + 0.3 * turn(t, DAY)),
    (d) => d.between(10, 90),
  ),
  'tiny, negative': noisy(
    (_, size) => size,
    (d) => -d.between(1, 9) * 1e-9,
  ),
  'huge, noise small beside it': noisy(
    (_, size) => size,
    (d) => d.between(1, 9) * 1e14,
    0.002,
  ),
  wandering: (dice, at) => {
    const size = dice.between(10, 90);
    let drift = 0;
    return {
      strays: 0.05 * size,
      values: at.map(() => size + (drift = 0.95 * drift + 0.03 * size * dice.bell()) + 0.02 * size * dice.bell()),
    };
  },
  'heavy tails': (dice, at) => {
    const size = dice.between(10, 90);
    return { strays: 0.25 * size, values: at.map(() => size * Math.exp(0.2 * dice.bell())) };
  },
  'small whole numbers': (dice, at) => {
    const size = dice.between(2, 6);
    return { strays: 1.2, values: at.map(() => Math.max(0, Math.round(size + 1.2 * dice.bell()))) };
  },
  'mostly zero': (dice, at) => {
    const often = dice.between(0.03, 0.2);
    return { strays: 1.5, values: at.map(() => (dice.chance(often) ? dice.whole(1, 4) : 0)) };
  },
  constant: (dice, at) => {
    const size = dice.one([0, 1, 42, 1e9]);
    return { strays: 0.02 * Math.max(1, size), values: at.map(() => size) };
  },
  'a few levels': (dice, at) => {
    const size = dice.between(10, 90);
    return { strays: 0.1 * size, values: at.map(() => size * (dice.chance(0.3) ? 1.2 : 1)) };
  },
};

/** What goes wrong from `from` on, in deviations of the usual straying; the points it touches. */
type Wrong = (dice: Dice, usual: Usual, from: number) => number;
const WIDE = 0.12;
const partOf = (usual: Usual): number => Math.max(8, Math.floor(usual.values.length * WIDE));
const touch = (usual: Usual, from: number, length: number, by: (value: number, i: number) => number): number => {
  const to = Math.min(usual.values.length, from + length);
  for (let i = from; i < to; i++) usual.values[i] = by(usual.values[i]!, i - from);
  return to - from;
};

export const WRONGS: Readonly<Record<string, Wrong>> = {
  spike: (d, u, from) => {
    const by = d.between(12, 25) * u.strays;
    return touch(u, from, 1, (v) => v + by);
  },
  dip: (d, u, from) => {
    const by = d.between(12, 25) * u.strays;
    return touch(u, from, 1, (v) => v - by);
  },
  'level shift': (d, u, from) => {
    const by = d.one([-1, 1]) * d.between(6, 12) * u.strays;
    return touch(u, from, partOf(u), (v) => v + by);
  },
  wilder: (d, u, from) => touch(u, from, partOf(u), (v) => v + 6 * u.strays * d.bell()),
  flat: (_, u, from) => {
    const at = u.values[from]!;
    return touch(u, from, Math.max(30, partOf(u)), () => at);
  },
  drift: (d, u, from) => {
    const by = d.one([-1, 1]) * d.between(15, 25) * u.strays;
    const length = 2 * partOf(u);
    return touch(u, from, length, (v, i) => v + (by * i) / length);
  },
};

export interface Spaced {
  readonly spacing: string;
  readonly length: number;
  readonly maker: string;
  readonly wrong: string | undefined;
  readonly points: readonly Point[];
  /** First and last index of what is wrong. */
  readonly window: readonly [number, number] | undefined;
}

/** Where nothing of the kind can be seen in it: what never moves cannot stop moving. */
const nothingToSee = (maker: string, wrong: string): boolean =>
  wrong === 'flat' && ['constant', 'mostly zero', 'small whole numbers', 'a few levels'].includes(maker);

/** Every spacing with every length and every maker, healthy and with each thing wrong; the same seed gives the same series. */
export function* spacedSeries(seed: number): Generator<Spaced> {
  let count = 0;
  for (const [spacing, every] of SPACINGS)
    for (const length of LENGTHS)
      for (const [maker, make] of Object.entries(MAKERS))
        for (const wrong of [undefined, ...Object.keys(WRONGS)]) {
          if (wrong !== undefined && nothingToSee(maker, wrong)) continue;
          const dice = new Dice(seed * 100_003 + count++);
          const from0 = START + dice.whole(0, 6) * DAY + dice.whole(0, 1439) * MINUTE;
          // Scrapes are late by a little, and some fail.
          const at = Array.from({ length }, (_, i) => from0 + i * every + Math.round(dice.between(-0.02, 0.02) * every));
          const usual = make(dice, at);
          const from = Math.floor(length * dice.between(0.55, 0.7));
          const touched = wrong === undefined ? 0 : WRONGS[wrong]!(dice, usual, from);
          const lost = dice.one([0, 0, 0.01]);
          const kept = usual.values.flatMap((value, i) =>
            (i < from || i >= from + touched) && dice.chance(lost) ? [] : [{ at: at[i]!, value, i }],
          );
          const first = kept.findIndex(({ i }) => i >= from);
          yield {
            spacing,
            length,
            maker,
            wrong,
            points: kept.map(({ at: t, value }) => ({ at: t, value })),
            window: wrong === undefined ? undefined : [first, first + touched - 1],
          };
        }
}
