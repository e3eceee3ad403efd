import { random, type Random } from './random.ts';

/** A resource filling towards its limit, known up to now, and when it truly gets there. */
export interface Filling {
  readonly name: string;
  readonly step: number;
  readonly limit: number;
  readonly points: readonly (readonly [number, number])[];
  /** seconds from the last point until the limit is reached; undefined: not within a fortnight */
  readonly left: number | undefined;
}

const START = Date.UTC(2026, 3, 6) / 1000;
const HOUR = 3600;
const DAY = 86400;
const FORTNIGHT = 14 * DAY;

/** the share of the limit used, second by second of life; `life` is the time in which a filling one fills */
type Process = (r: Random, step: number, life: number) => (age: number) => number;
interface Kind {
  readonly name: string;
  readonly step: number;
  readonly make: Process;
  /** reaches the limit in the end */
  readonly fills: boolean;
  /** how long it takes to fill, in hours: from and to */
  readonly life?: readonly [number, number];
  readonly unit: number;
}

const wave = (age: number): number => Math.sin((age / DAY) * 2 * Math.PI - 1);
const line =
  (from: number, noise: number, bend = 1): Process =>
  (r, _step, life) =>
  (age) =>
    from + (1 - from) * (age / life) ** bend + noise * r.gauss();
const waved =
  (from: number, swing: number, noise: number): Process =>
  (r, step, life) => {
    const trend = line(from, noise)(r, step, life);
    return (age) => trend(age) - swing + swing * wave(age);
  };
const collected =
  (from: number, garbage: number, period: number): Process =>
  (r, _step, life) => {
    let fresh = 0;
    return (age) => {
      fresh += (garbage / period) * _step * (0.5 + r());
      if (fresh > garbage) fresh = 0;
      return from + (1 - from - garbage / 2) * (age / life) + fresh;
    };
  };
const stepwise =
  (from: number, every: number): Process =>
  (r, step, life) => {
    let at = from;
    return () => {
      if (r() < step / every) at += ((1 - from) / life) * every * (0.4 + 1.2 * r());
      return at + 0.002 * r.gauss();
    };
  };
const officeHours =
  (from: number): Process =>
  (r, step, life) => {
    let at = from;
    return (age) => {
      const busy = Math.max(0, wave(age)) * Math.PI;
      at += ((1 - from) / life) * step * busy * (0.7 + 0.6 * r());
      return at;
    };
  };
/** grows in every life of the container, and is back at the floor after a restart it did not earn by reaching the limit */
const restarted =
  (floor: number, top: number, every: number): Process =>
  (r, step) => {
    let left = every * r();
    let at = top - (top - floor) * (left / every);
    return () => {
      left -= step;
      at += ((top - floor) / every) * step * (0.7 + 0.6 * r());
      if (left <= 0) {
        left = every;
        at = floor * (1 + 0.05 * r.gauss());
      }
      return at + 0.002 * r.gauss();
    };
  };
/** grows until a threshold, then is cleaned up: image collection at 80 %, log rotation, compaction */
const cleaned =
  (floor: number, top: number, every: number, noise = 0.003): Process =>
  (r, step) => {
    let at = floor + (top - floor) * r();
    return () => {
      at += ((top - floor) / every) * step * (0.6 + 0.8 * r());
      if (at > top) at = floor * (1 + 0.04 * r.gauss());
      return at + noise * r.gauss();
    };
  };
/** cleaned at the threshold, but each time less: the floor climbs until cleaning no longer helps */
const cleanedLess =
  (floor: number, top: number, every: number): Process =>
  (r, step, life) => {
    let at = floor;
    return (age) => {
      const low = floor + (1 - floor) * (age / life);
      at += ((top - floor) / every) * step * (0.6 + 0.8 * r());
      if (at > Math.max(top, low)) at = low;
      return Math.max(at, low);
    };
  };
const plateau =
  (from: number, top: number, tau: number, noise: number): Process =>
  (r) =>
  (age) =>
    top - (top - from) * Math.exp(-age / tau) + noise * r.gauss();
const filledThenStill =
  (from: number, top: number, hours: number): Process =>
  (r) =>
  (age) =>
    from + (top - from) * Math.min(1, age / (hours * HOUR)) + 0.003 * r.gauss();
const flat =
  (at: number, noise: number, phi = 0): Process =>
  (r) => {
    let x = 0;
    return () => at + (x = phi * x + Math.sqrt(1 - phi * phi) * noise * r.gauss());
  };
const daywave =
  (at: number, swing: number, noise: number): Process =>
  (r) =>
  (age) =>
    at + swing * wave(age) + noise * r.gauss();
const backups =
  (at: number, tall: number, every: number): Process =>
  (r) =>
  (age) => {
    const x = (age % every) / every;
    return at + 0.004 * r.gauss() + (x < 0.12 ? (tall * x) / 0.12 : 0);
  };
/** still until half of its life, then it leaks */
const awoken =
  (from: number, noise: number): Process =>
  (r, _step, life) =>
  (age) =>
    from + (1 - from) * Math.max(0, (age / life - 0.5) * 2) + noise * r.gauss();
/** leaks, restarted by its limit or by hand, and leaks the same again */
const again =
  (floor: number): Process =>
  (r, _step, life) => {
    const cut = life * (0.3 + 0.2 * r());
    return (age) => floor + (1 - floor) * ((age < cut ? age : age - cut) / (life - cut)) + 0.004 * r.gauss();
  };
const down =
  (from: number, to: number): Process =>
  (r) =>
  (age) =>
    to + (from - to) * Math.exp(-age / (3 * DAY)) + 0.005 * r.gauss();
const ramping =
  (from: number, by: number): Process =>
  (r, _step, life) =>
  (age) =>
    from + by * (age < life ? age / life : 1) + 0.006 * r.gauss();

const GI = 2 ** 30;
const KINDS: readonly Kind[] = [
  { name: 'leak-linear', step: 30, make: line(0.3, 0.004), fills: true, life: [2, 30], unit: GI },
  { name: 'leak-noisy', step: 60, make: line(0.3, 0.04), fills: true, life: [6, 60], unit: GI },
  { name: 'leak-accelerates', step: 60, make: line(0.2, 0.004, 2), fills: true, life: [4, 48], unit: GI },
  { name: 'leak-decelerates', step: 60, make: line(0.2, 0.004, 0.7), fills: true, life: [6, 72], unit: GI },
  { name: 'leak-stepwise', step: 30, make: stepwise(0.3, 900), fills: true, life: [6, 40], unit: GI },
  { name: 'leak-under-gc', step: 15, make: collected(0.25, 0.2, 600), fills: true, life: [3, 24], unit: GI },
  { name: 'leak-under-wave', step: 300, make: waved(0.2, 0.06, 0.006), fills: true, life: [60, 260], unit: GI },
  { name: 'leak-awakes', step: 60, make: awoken(0.35, 0.005), fills: true, life: [8, 60], unit: GI },
  { name: 'leak-again', step: 60, make: again(0.2), fills: true, life: [10, 72], unit: GI },
  { name: 'disk-linear', step: 300, make: line(0.5, 0.001), fills: true, life: [30, 300], unit: 100 * GI },
  { name: 'disk-office-hours', step: 300, make: officeHours(0.4), fills: true, life: [60, 240], unit: 100 * GI },
  { name: 'disk-cleaned-less', step: 300, make: cleanedLess(0.45, 0.8, 6 * HOUR), fills: true, life: [60, 240], unit: 100 * GI },
  { name: 'inodes', step: 300, make: stepwise(0.5, 3600), fills: true, life: [48, 240], unit: 65_536 },
  { name: 'connections', step: 15, make: line(0.4, 0.02), fills: true, life: [1, 8], unit: 200 },
  { name: 'still', step: 60, make: flat(0.62, 0.01, 0.8), fills: false, unit: GI },
  { name: 'still-high', step: 60, make: flat(0.9, 0.008, 0.9), fills: false, unit: GI },
  { name: 'constant', step: 60, make: flat(0.71, 0), fills: false, unit: 1000 },
  { name: 'daily', step: 300, make: daywave(0.6, 0.25, 0.01), fills: false, unit: GI },
  { name: 'warms', step: 60, make: plateau(0.1, 0.85, 5 * HOUR, 0.006), fills: false, unit: GI },
  { name: 'fills-then-still', step: 60, make: filledThenStill(0.2, 0.8, 6), fills: false, unit: GI },
  { name: 'restarts', step: 60, make: restarted(0.25, 0.75, 7 * HOUR), fills: false, unit: GI },
  { name: 'collected', step: 15, make: cleaned(0.3, 0.75, 900, 0.005), fills: false, unit: GI },
  { name: 'images-80', step: 300, make: cleaned(0.62, 0.8, 20 * HOUR), fills: false, unit: 100 * GI },
  { name: 'rotated', step: 300, make: cleaned(0.4, 0.85, 3 * DAY), fills: false, unit: 100 * GI },
  { name: 'backups', step: 300, make: backups(0.5, 0.35, DAY), fills: false, unit: 100 * GI },
  { name: 'drains', step: 300, make: down(0.9, 0.4), fills: false, unit: GI },
  { name: 'ramps-then-holds', step: 60, make: ramping(0.4, 0.4), fills: false, life: [2, 8], unit: 500 },
];

export const LATE_KINDS: readonly Kind[] = [
  { name: 'leak-bursty', step: 60, make: stepwise(0.2, 5400), fills: true, life: [12, 72], unit: GI },
  { name: 'leak-cubic', step: 60, make: line(0.3, 0.003, 3), fills: true, life: [4, 36], unit: GI },
  { name: 'leak-node-gc', step: 30, make: collected(0.4, 0.12, 180), fills: true, life: [4, 30], unit: GI },
  { name: 'wal-grows', step: 300, make: waved(0.3, 0.03, 0.002), fills: true, life: [48, 200], unit: 50 * GI },
  { name: 'sockets', step: 15, make: line(0.2, 0.05), fills: true, life: [2, 10], unit: 4096 },
  { name: 'calm-high', step: 60, make: flat(0.93, 0.005, 0.95), fills: false, unit: GI },
  { name: 'compacted', step: 300, make: cleaned(0.35, 0.7, 2 * HOUR, 0.01), fills: false, unit: 8 * GI },
  { name: 'tides', step: 300, make: daywave(0.7, 0.2, 0.015), fills: false, unit: 10_000 },
  { name: 'page-cache', step: 60, make: plateau(0.2, 0.92, 3 * HOUR, 0.004), fills: false, unit: GI },
  { name: 'redeployed', step: 60, make: restarted(0.3, 0.65, 26 * HOUR), fills: false, unit: GI },
];

const simulate = (kind: Kind, r: Random, life: number, until: number): [number, number][] => {
  const used = kind.make(r, kind.step, life);
  const points: [number, number][] = [];
  for (let age = 0; age < until; age += kind.step) points.push([START + age, used(age)]);
  return points;
};
const written = (kind: Kind, points: readonly [number, number][]): [number, number][] =>
  points.map(([t, used]) => [
    t,
    kind.unit < 1e6 ? Math.max(0, Math.round(used * kind.unit)) : Math.max(0, Math.round((used * kind.unit) / 4096) * 4096),
  ]);

/** `each` of every kind; those that fill are cut ten minutes to three days before they do, and never in their first tenth. */
export function fillings(kinds: readonly Kind[] = KINDS, each = 8, seed = 'unseen'): Filling[] {
  return kinds.flatMap((kind) =>
    Array.from({ length: each }, (_, i): Filling => {
      const r = random(`${seed}/${kind.name}/${String(i)}`);
      const [short, long] = kind.life ?? [10, 10];
      const life = short * HOUR * (long / short) ** r();
      const name = `${kind.name}-${String(i)}`;
      if (kind.fills) {
        const all = simulate(kind, r, life, life * 1.6);
        const full = all.findIndex(([, used]) => used >= 1);
        const ahead = (600 * 432 ** r()) / kind.step;
        // few points now and then: a pod that has only just started
        const first = i % 4 === 3 ? Math.max(0, full - Math.round(ahead) - r.int(12, 40)) : 0;
        const now = Math.max(Math.ceil(full * 0.15), Math.round(full - ahead), first + 12);
        return {
          name,
          step: kind.step,
          limit: kind.unit,
          points: written(kind, all.slice(Math.min(first, now - 12), now)),
          left: (full - now + 1) * kind.step,
        };
      }
      const known = (i % 4 === 3 ? 2 : 12 + 60 * r()) * HOUR;
      const all = simulate(kind, r, life, known + FORTNIGHT);
      const now = Math.round(known / kind.step);
      if (all.some(([, used]) => used >= 1)) throw new Error(`${name} was to stay below its limit`);
      return { name, step: kind.step, limit: kind.unit, points: written(kind, all.slice(0, now)), left: undefined };
    }),
  );
}

/** Series that stay where they are, so many days of each. */
export function flatFillings(days: number, seed = 'flat'): Filling[] {
  const flatKinds = KINDS.filter(({ name }) => ['still', 'still-high', 'constant', 'daily'].includes(name));
  return flatKinds.flatMap((kind) =>
    Array.from({ length: 4 }, (_, i): Filling => {
      const points = simulate({ ...kind, step: 300 }, random(`${seed}/${kind.name}/${i}`), HOUR, days * DAY);
      return { name: `${kind.name}-${i}`, step: 300, limit: kind.unit, points: written(kind, points), left: undefined };
    }),
  );
}
