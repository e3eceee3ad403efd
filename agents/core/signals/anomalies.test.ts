import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnomalyDetector } from './anomalies.ts';

const FIVE_MINUTES = 300_000;
const noise = (i: number): number => Math.sin(i * 12.9898) * 0.6 + Math.sin(i * 78.233) * 0.4;
const daily = (i: number): number => 50 + 20 * Math.sin((2 * Math.PI * i) / 288) + noise(i);

function alerts(values: readonly number[], every = FIVE_MINUTES): readonly (readonly [index: number, trait: string])[] {
  const detector = new AnomalyDetector();
  return values.flatMap((value, i) => {
    const { score, trait } = detector.next(i * every, value);
    return score >= 0.5 ? [[i, trait] as const] : [];
  });
}

test('a healthy daily wave is silent for two weeks', () => {
  expect(alerts(Array.from({ length: 4032 }, (_, i) => daily(i)))).toEqual([]);
});

test('until it has seen enough, no value lies outside of what is said to be expected', () => {
  const detector = new AnomalyDetector();
  for (let i = 0; i < 20; i++) {
    const value = 40 + 5 * noise(i);
    const { low, high, score } = detector.next(i * FIVE_MINUTES, value);
    expect([low <= value, value <= high, score, low > 20]).toEqual([true, true, 0, true]);
  }
});

test('a value that is usual at noon is not usual at midnight', () => {
  const values = Array.from({ length: 3000 }, (_, i) => daily(i));
  // Day 8, three quarters through: the wave's lowest, 30; 66 is a usual value of its upper half.
  values[8 * 288 + 216] = 66;
  expect(alerts(values)).toEqual([[8 * 288 + 216, 'point']]);
});

test('a new level is said once and then learned', () => {
  const said = alerts(Array.from({ length: 2000 }, (_, i) => 10 + noise(i) + (i >= 1000 ? 15 : 0)));
  expect(said).toEqual([[1000, 'point']]);
});

test('a series that stops moving is noticed', () => {
  const said = alerts(Array.from({ length: 1200 }, (_, i) => 10 + noise(i < 1000 ? i : 1000)));
  expect(said[0]?.[0]).toBeGreaterThan(1000);
  expect(said[0]?.[0]).toBeLessThan(1030);
});

test('it never looks ahead: what comes later changes nothing of what was said', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 30, maxLength: 200 }),
      fc.nat(200),
      fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      (values, cut, other) => {
        const judged = (series: readonly number[]) => {
          const detector = new AnomalyDetector();
          return series.map((value, i) => detector.next(i * FIVE_MINUTES, value));
        };
        const at = Math.min(cut, values.length - 1);
        const changed = values.map((value, i) => (i > at ? other : value));
        expect(judged(changed).slice(0, at + 1)).toEqual(judged(values).slice(0, at + 1));
      },
    ),
    { numRuns: 50 },
  );
});

test('whatever comes in, in whatever order, each answer is a range around numbers and a score from 0 to 1', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 })),
        { maxLength: 150 },
      ),
      (points) => {
        const detector = new AnomalyDetector();
        for (const [at, value] of points) {
          const { low, high, score } = detector.next(at, value);
          expect([low <= high, score >= 0, score < 1, Number.isNaN(low + high)]).toEqual([true, true, true, false]);
        }
      },
    ),
    { numRuns: 100 },
  );
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SPACINGS = [10_000, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR];
const wave = (every: number) => (i: number) => 50 + 20 * Math.sin((2 * Math.PI * i * every) / (24 * HOUR)) + noise(i);

test('a lone spike is said however far the points are apart, and nothing else is', () => {
  const said = SPACINGS.map((every) => {
    const values = Array.from({ length: 800 }, (_, i) => wave(every)(i));
    values[600] = 140;
    return alerts(values, every);
  });
  expect(said).toEqual(SPACINGS.map(() => [[600, 'point']]));
});

test('days with a weekend: what a Sunday brings is unusual on a Wednesday', () => {
  const week = [100, 104, 98, 101, 99, 40, 30];
  const values = Array.from({ length: 200 }, (_, i) => week[i % 7]! + noise(i));
  values[150] = 30;
  // 150 days: the fourth day of its week.
  expect(alerts(values, 24 * HOUR).filter(([i]) => i >= 60)).toEqual([[150, 'point']]);
});

test('the unit of a series changes nothing of what is said of it', () => {
  const said = [1e-12, 1, -1, 1e12].map((unit) => {
    const values = Array.from({ length: 800 }, (_, i) => unit * daily(i));
    values[600] = unit * 140;
    return alerts(values);
  });
  expect(said).toEqual(said.map(() => [[600, 'point']]));
});

test('what never moved is healthy, and its first move is unusual once it stood for long', () => {
  const still = Array.from({ length: 3000 }, () => 42);
  const moved = still.with(500, 43);
  expect([alerts(still), alerts(moved)]).toEqual([[], [[500, 'point']]]);
});

test('in a long series a lone point hardly outside is one of many, six in a row are not', () => {
  const off = (points: number) =>
    alerts(Array.from({ length: 3000 }, (_, i) => 10 + noise(i) + (i >= 2000 && i < 2000 + points ? 1.5 : 0)));
  expect(off(1)).toEqual([]);
  expect(off(6).map(([i]) => i >= 2000 && i < 2008)).toEqual([true]);
});

test('a collector that frees less and less is said, though each tooth is hardly higher than the one before', () => {
  const teeth = (i: number, floor: number) => floor + 10 * ((i % 40) / 40) + noise(i) / 4;
  const values = Array.from({ length: 3000 }, (_, i) => teeth(i, 20 + (i >= 2400 ? (i - 2400) / 20 : 0)));
  const said = alerts(values, MINUTE).filter(([i]) => i >= 2400);
  expect([said.length > 0, said[0]?.[1]]).toEqual([true, 'level']);
});

test('outliers that come now and then are the way of a series: such a one is not said again and again', () => {
  const share = (x: number) => x - Math.floor(x);
  const outlier = (i: number) => {
    const turn = Math.floor(i / 401);
    return i % 401 === Math.floor(401 * share(turn * 0.618034)) ? 4 + 20 * share(turn * 0.7548777) ** 2 : 0;
  };
  const said = alerts(
    Array.from({ length: 6000 }, (_, i) => 10 + noise(i) + outlier(i)),
    MINUTE,
  );
  expect(said.length).toBeLessThan(4);
});

test('the same fault a second time is said again: what was unusual is not learned as usual', () => {
  const errors = (i: number) => ((i >= 1300 && i < 1311) || (i >= 1850 && i < 1861) ? 0.06 : 0.0012 + 0.0004 * noise(i));
  const said = alerts(
    Array.from({ length: 2200 }, (_, i) => errors(i)),
    2 * MINUTE,
  ).map(([i]) => i);
  expect([said.some((i) => i >= 1300 && i < 1311), said.some((i) => i >= 1850 && i < 1861)]).toEqual([true, true]);
});
