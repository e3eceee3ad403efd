import type { Point } from '../../../agents/core/signals/series-row.ts';
import { Dice } from './dice.ts';

/** Series that run towards a limit, or do not; what was known up to `now`, and when the limit was reached after that. */
export interface Running {
  readonly kind: string;
  readonly known: readonly Point[];
  readonly limit: number;
  readonly now: number;
  /** Undefined where the limit is not reached within the horizon. */
  readonly reachedAt: number | undefined;
  readonly horizon: number;
}

const MINUTE = 60_000;
const START = Date.UTC(2025, 5, 2);
const LIMIT = 1_000;

type Path = (minute: number) => number;
type Kind = (dice: Dice, now: number, horizon: number) => Path;

/** How long before `now` something began, and how fast it must be to reach the limit at about `share` horizons. */
const leak = (dice: Dice, now: number, horizon: number, share: number): Path => {
  const since = Math.min(now * 0.9, Math.max(45, horizon * dice.between(0.4, 1.5)));
  const base = dice.between(200, 500);
  const speed = (LIMIT - base) / (since + horizon * share);
  return (m) => base + Math.max(0, m - (now - since)) * speed;
};
const shareOf = (d: Dice): number => (d.chance(0.6) ? d.between(0.1, 0.85) : d.between(1.3, 3));

const KINDS: Readonly<Record<string, Kind>> = {
  flat: (d) => {
    const base = d.between(300, 850);
    return () => base;
  },
  leak: (d, now, horizon) => leak(d, now, horizon, shareOf(d)),
  'step, then flat': (d, now) => {
    const [low, high, at] = [d.between(200, 400), d.between(500, 850), now * d.between(0.3, 0.85)];
    return (m) => (m < at ? low : high);
  },
  'sawtooth of a collector': (d) => {
    const [base, high, period] = [d.between(200, 400), d.between(200, 400), d.between(12, 90)];
    return (m) => base + high * ((m % period) / period);
  },
  'leak below a sawtooth': (d, now, horizon) => {
    const period = d.between(8, Math.max(12, Math.min(60, horizon / 5)));
    const high = d.between(80, 200);
    const base = d.between(150, 300);
    const since = now * 0.95;
    const speed = (LIMIT - base - high) / (since + horizon * shareOf(d));
    return (m) => base + Math.max(0, m - now + since) * speed + high * ((m % period) / period);
  },
  'daily wave': (d) => {
    const [base, high, phase] = [d.between(400, 600), d.between(100, 300), d.next()];
    return (m) => base + high * Math.sin(2 * Math.PI * (m / 1440 - phase));
  },
  'daily wave and leak': (d, now, horizon) => {
    const [high, phase] = [d.between(20, 60), d.next()];
    const path = leak(d, now, horizon, shareOf(d));
    return (m) => path(m) + high * Math.sin(2 * Math.PI * (m / 1440 - phase)) - high;
  },
  'leak after a restart': (d, now, horizon) => {
    const at = now - Math.max(50, horizon * d.between(0.4, 1));
    const base = d.between(150, 350);
    const speed = (LIMIT - base) / (now - at + horizon * shareOf(d));
    const life = (LIMIT - base) / speed;
    return (m) => base + speed * ((((m - at) % life) + life) % life);
  },
  'restart, then flat': (d, now) => {
    const [before, after, at] = [d.between(500, 850), d.between(200, 400), now * d.between(0.4, 0.9)];
    return (m) => (m < at ? before : after);
  },
};

/** `each` series of each kind. */
export function runningSeries(seed: number, horizonMinutes: number, each: number): readonly Running[] {
  return Object.entries(KINDS).flatMap(([kind, make], k) =>
    Array.from({ length: each }, (_, i) => {
      const dice = new Dice(seed * 7_919 + horizonMinutes * 131 + k * 1_009 + i);
      const history = Math.round(horizonMinutes >= 1440 ? dice.between(4, 8) * 1440 : dice.between(3, 4) * 1440);
      const path = make(dice, history, horizonMinutes);
      const noise = dice.between(1, 8);
      const glitch = dice.chance(0.3) ? 0.002 : 0;
      const every = dice.one([0.5, 1, 2]);
      const at = (m: number) => START + m * MINUTE;
      const known: Point[] = [];
      for (let m = 0; m <= history; m += every) {
        const value = path(m) + noise * dice.bell() + (dice.chance(glitch) ? dice.between(-100, 100) : 0);
        if (!dice.chance(0.01)) known.push({ at: at(m), value: Math.max(0, value) });
      }
      let reachedAt: number | undefined;
      for (let m = history; m <= history + horizonMinutes && reachedAt === undefined; m += every)
        if (path(m) + noise * dice.bell() >= LIMIT) reachedAt = at(m);
      // Just before it falls, a path that starts over at the limit has reached it.
      if (reachedAt === undefined && kind === 'leak after a restart')
        for (let m = history; m < history + horizonMinutes; m += every) if (path(m + every) < path(m) - 100) reachedAt ??= at(m);
      return { kind, known, limit: LIMIT, now: at(history), reachedAt, horizon: horizonMinutes * MINUTE };
    }),
  );
}
