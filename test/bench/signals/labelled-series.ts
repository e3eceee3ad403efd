import type { Point } from '../../../agents/core/signals/series-row.ts';
import { Dice } from './dice.ts';

/** Series as servers, streets and shops make them, with anomalies whose places are known. */

export interface Labelled {
  readonly kind: string;
  readonly points: readonly Point[];
  /** First and last index of each window, in order, not overlapping. */
  readonly windows: readonly (readonly [first: number, last: number])[];
}

const MINUTE = 60_000;
const DAY = 24 * 60;
const START = Date.UTC(2025, 1, 3);
/** The share of a series that its windows take together. */
const WINDOW_SHARE = 0.1;

interface Making {
  readonly length: number;
  /** Minutes from point to point. */
  readonly every: number;
  readonly usual: (i: number, minute: number) => number;
  /** Changes values from `at` on; the ways in which this kind goes wrong. */
  readonly wrongs: readonly ((values: number[], at: number) => void)[];
  readonly uneven?: boolean;
  readonly least?: number;
}

type Kind = (dice: Dice) => Making;

const wave = (minute: number, at = 0.25): number => Math.sin(2 * Math.PI * (minute / DAY - at));
const weekend = (minute: number): boolean => Math.floor(minute / DAY) % 7 >= 5;

const KINDS: Readonly<Record<string, Kind>> = {
  'idle CPU with rare bursts': (d) => {
    const base = d.between(0.05, 3);
    const burst = d.between(0.002, 0.01);
    return {
      length: 4032,
      every: 5,
      least: 0,
      usual: () => base * (1 + 0.04 * d.bell()) + (d.chance(burst) ? base * d.between(0.3, 2) : 0),
      wrongs: [
        (v, at) => v.splice(at, 3, ...[1, 1, 1].map(() => base * d.between(8, 30))),
        (v, at) => raise(v, at, d.whole(150, 1500), base * d.between(1, 5)),
        (v, at) => sway(v, at, 120, () => base * 2 * Math.abs(d.bell())),
      ],
    };
  },
  'busy CPU': (d) => {
    const base = d.between(30, 70);
    const noise = d.between(1, 4);
    const wavy = d.chance(0.5) ? d.between(5, 20) : 0;
    let drift = 0;
    return {
      length: 4032,
      every: 5,
      least: 0,
      usual: (_, m) => base + wavy * wave(m) + (drift = 0.97 * drift + 0.3 * noise * d.bell()) + noise * d.bell(),
      wrongs: [
        (v, at) => raise(v, at, d.whole(100, 600), -base * d.between(0.5, 0.9)),
        (v, at) => raise(v, at, d.whole(100, 1000), (95 - base) * d.between(0.7, 1)),
        (v, at) => sway(v, at, 100, () => noise * 6 * d.bell()),
        (v, at) => hold(v, at, d.whole(60, 200)),
      ],
    };
  },
  'requests of an autoscaled group': (d) => {
    const size = d.between(200, 3000);
    const half = d.between(0.2, 0.6);
    return {
      length: 6000,
      every: 5,
      least: 0,
      usual: (_, m) => size * (1 + half * wave(m) + (weekend(m) ? -0.15 : 0)) * (1 + 0.05 * d.bell()),
      wrongs: [
        (v, at) => scale(v, at, d.whole(12, 60), d.between(0.02, 0.3)),
        (v, at) => scale(v, at, d.whole(6, 40), d.between(2.5, 5)),
        (v, at) => scale(v, at, d.whole(200, 400), d.between(1.5, 2)),
      ],
    };
  },
  'latency with heavy tails': (d) => {
    const base = d.between(20, 60);
    return {
      length: 4032,
      every: 5,
      least: 0,
      usual: () => base * Math.exp(0.12 * d.bell()) + (d.chance(0.01) ? base * d.between(0.3, 1) : 0),
      wrongs: [
        (v, at) => scale(v, at, d.whole(3, 12), d.between(3, 8)),
        (v, at) => scale(v, at, d.whole(80, 300), d.between(1.5, 2.5)),
        (v, at) => grow(v, at, 150, base * d.between(1, 3)),
      ],
    };
  },
  'demand for taxis': (d) => {
    const size = d.between(8_000, 20_000);
    const shape = (m: number) => {
      const hour = (m % DAY) / 60;
      const night = Math.exp(-((hour - 4.5) ** 2) / 8);
      return (
        1 -
        0.75 * night +
        0.25 * Math.exp(-((hour - 19) ** 2) / 6) +
        (weekend(m) ? 0.25 * Math.exp(-(Math.min(hour, 24 - hour) ** 2) / 6) - 0.08 : 0)
      );
    };
    return {
      length: 9000,
      every: 30,
      least: 0,
      usual: (_, m) => size * shape(m) * (1 + 0.03 * d.bell()),
      wrongs: [
        (v, at) => scale(v, at, d.whole(24, 72), d.between(0.35, 0.7)),
        (v, at) => scale(v, at, d.whole(8, 24), d.between(1.35, 1.7)),
        (v, at) => scale(v, at, d.whole(40, 60), d.between(0.1, 0.4)),
      ],
    };
  },
  'temperature of a room': (d) => {
    const base = d.between(65, 75);
    let drift = 0;
    return {
      length: 7000,
      every: 60,
      usual: (i, m) => base + 3 * wave(m) + 4 * Math.sin((2 * Math.PI * i) / 8760) + (drift = 0.98 * drift + 0.35 * d.bell()),
      wrongs: [
        (v, at) => grow(v, at, 30, d.one([-1, 1]) * d.between(9, 16)),
        (v, at) => raise(v, at, d.whole(20, 80), d.one([-1, 1]) * d.between(8, 14)),
        (v, at) => sway(v, at, 60, () => 4 * d.bell()),
      ],
    };
  },
  'temperature of a machine': (d) => {
    let drift = 0;
    return {
      length: 12_000,
      every: 5,
      usual: (i) => 90 + 5 * Math.sin(i / 900) + (drift = 0.995 * drift + 0.5 * d.bell()) + 0.7 * d.bell(),
      wrongs: [
        (v, at) => raise(v, at, d.whole(150, 500), -d.between(40, 75)),
        (v, at) => grow(v, at, 400, -d.between(25, 45)),
        (v, at) => scale(v, at, d.whole(10, 50), d.between(0.05, 0.4)),
      ],
    };
  },
  'clicks on advertisements': (d) => {
    const base = d.between(0.05, 1);
    return {
      length: 1600,
      every: 60,
      least: 0,
      usual: (_, m) => base * (1 + 0.3 * wave(m)) * Math.exp(0.25 * d.bell()) * (d.chance(0.01) ? d.between(1.5, 2.5) : 1),
      wrongs: [
        (v, at) => scale(v, at, d.whole(1, 3), d.between(5, 12)),
        (v, at) => scale(v, at, d.whole(20, 60), d.between(1.8, 3)),
        (v, at) => scale(v, at, d.whole(10, 40), d.between(0.02, 0.2)),
      ],
    };
  },
  'mentions in messages': (d) => {
    const base = d.between(3, 40);
    const half = d.between(0.3, 0.9);
    return {
      length: 8000,
      every: 5,
      least: 0,
      usual: (_, m) => Math.round(base * (1 + half * wave(m)) * Math.exp(0.4 * d.bell()) * (d.chance(0.003) ? d.between(2, 4) : 1)),
      wrongs: [
        (v, at) => v.splice(at, 8, ...v.slice(at, at + 8).map((_, i) => Math.round(base * d.between(12, 25) * 0.85 ** i))),
        (v, at) => scale(v, at, d.whole(60, 200), d.between(2.5, 5)),
      ],
    };
  },
  'traffic on a street': (d) => {
    const base = d.between(50, 80);
    return {
      length: 2500,
      every: 10,
      least: 0,
      uneven: true,
      usual: (_, m) => {
        const hour = (m % DAY) / 60;
        const rush = weekend(m) ? 0.05 : 0.3 * Math.exp(-((hour - 8) ** 2) / 2) + 0.3 * Math.exp(-((hour - 17) ** 2) / 3);
        return base * (1 - rush) + 3 * d.bell() - (d.chance(0.01) ? d.between(8, 20) : 0);
      },
      wrongs: [
        (v, at) => scale(v, at, d.whole(6, 24), d.between(0.15, 0.4)),
        (v, at) => hold(v, at, d.whole(40, 80)),
        (v, at) => scale(v, at, d.whole(3, 10), d.between(1.4, 1.8)),
      ],
    };
  },
  'bytes sent by jobs on the hour': (d) => {
    const base = d.between(1e5, 5e6);
    const minute = d.one([0, 15, 30]);
    return {
      length: 4032,
      every: 5,
      least: 0,
      usual: (_, m) => base * (0.1 + 0.02 * Math.abs(d.bell())) + (m % 60 === minute ? base * (1 + 0.1 * d.bell()) : 0),
      wrongs: [
        (v, at) => raise(v, at, d.whole(12, 60), base * d.between(1.5, 4)),
        (v, at) => scale(v, at, d.whole(40, 100), d.between(0.01, 0.1)),
        (v, at) => v.splice(at, 1, base * d.between(5, 12)),
      ],
    };
  },
  'disk written to in bursts': (d) => {
    const base = d.between(1e3, 1e6);
    return {
      length: 4032,
      every: 5,
      least: 0,
      usual: () => (d.chance(0.15) ? base * Math.exp(d.bell()) : base * 0.02 * d.next()),
      wrongs: [
        (v, at) => raise(v, at, d.whole(30, 200), base * d.between(5, 15)),
        (v, at) => v.splice(at, 2, base * d.between(40, 90), base * d.between(40, 90)),
      ],
    };
  },
};

function raise(values: number[], at: number, length: number, by: number): void {
  for (let i = at; i < Math.min(values.length, at + length); i++) values[i]! += by;
}
function scale(values: number[], at: number, length: number, by: number): void {
  for (let i = at; i < Math.min(values.length, at + length); i++) values[i]! *= by;
}
function grow(values: number[], at: number, length: number, by: number): void {
  for (let i = at; i < Math.min(values.length, at + length); i++) values[i]! += (by * (i - at)) / length;
}
function hold(values: number[], at: number, length: number): void {
  for (let i = at; i < Math.min(values.length, at + length); i++) values[i] = values[at]!;
}
function sway(values: number[], at: number, length: number, by: () => number): void {
  for (let i = at; i < Math.min(values.length, at + length); i++) values[i]! += by();
}

/** One series of each kind a round; the same seed gives the same series. About one in six has no anomaly. */
export function labelledSeries(seed: number, rounds: number): readonly Labelled[] {
  return Array.from({ length: rounds }, (_, round) =>
    Object.entries(KINDS).map(([kind, making], i) => seriesOf(kind, making, new Dice(seed * 10_007 + round * 101 + i))),
  ).flat();
}

function seriesOf(kind: string, make: Kind, dice: Dice): Labelled {
  const making = make(dice);
  const { length, every } = making;
  const values = Array.from({ length }, (_, i) => making.usual(i, i * every));
  const count = dice.chance(1 / 6) ? 0 : dice.whole(1, length > 5000 ? 4 : 3);
  const first = Math.ceil(length * 0.2);
  const room = (length - first) / Math.max(1, count);
  const width = Math.floor((length * WINDOW_SHARE) / Math.max(1, count));
  const windows = Array.from({ length: count }, (_, i) => {
    const at = Math.floor(first + room * i + dice.between(width / 2, room - width / 2 - 1));
    dice.one(making.wrongs)(values, at);
    // As people label: the window lies around what they saw, not exactly.
    const begin = at - Math.floor(width * dice.between(0.25, 0.5));
    return [begin, Math.min(length - 1, begin + width)] as const;
  });
  let late = 0;
  const points = values.map((value, i) => {
    if (making.uneven === true && dice.chance(0.05)) late += dice.whole(1, 12);
    return { at: START + (i * every + late) * MINUTE, value: making.least === undefined ? value : Math.max(making.least, value) };
  });
  return { kind, points, windows };
}
