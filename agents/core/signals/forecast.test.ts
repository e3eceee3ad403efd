import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecast } from './forecast.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const noise = (i: number): number => 2 * Math.sin(i * 12.9898) + 1.5 * Math.sin(i * 78.233);
const series = (minutes: number, value: (minute: number) => number) =>
  Array.from({ length: minutes }, (_, i) => ({ at: i * MINUTE, value: value(i) + noise(i) }));

test('a leak is foretold to the minute, with what it stands on', () => {
  // 100 + 2 a minute: 900 after 400 minutes, 100 of them after the newest point.
  const told = forecast(
    series(301, (m) => 100 + 2 * m),
    900,
    2 * HOUR,
  );
  expect(Math.abs((told.exhaustsAt ?? 0) - 400 * MINUTE)).toBeLessThan(4 * MINUTE);
  expect([told.earliest! <= told.exhaustsAt!, told.latest! >= told.exhaustsAt!, told.confidence > 0.8]).toEqual([true, true, true]);
  expect(told.because).toMatch(
    /^it rises by 1\d\d an hour, seen over 5 hours|^it rises by 1\d\d an hour, seen over \d+ (minutes|hours), and is at 70\d of 900$/,
  );
});

test.each([
  ['a flat series', series(600, () => 800)],
  ['a step to just below the limit', series(600, (m) => (m < 400 ? 300 : 850))],
  ['a collector that takes back what was used', series(1500, (m) => 500 + 6 * (m % 60))],
  ['the rising half of a day that was like this before', series(4 * 1440 + 300, (m) => 500 - 380 * Math.cos((2 * Math.PI * m) / 1440))],
  ['a restart after a leak, and calm since', series(900, (m) => (m < 500 ? 100 + 1.6 * m : 300))],
])('%s exhausts nothing', (_, points) => {
  expect(forecast(points, 900, 2 * HOUR).exhaustsAt).toBeNull();
});

test('a slow leak below the teeth of a collector is foretold at the tooth that reaches the limit, few points though a tooth has', () => {
  // Four days of teeth of 8 minutes and 40, a point each 2 minutes: tops at 240 + 0.1 a minute reach 826 at about minute 5,860.
  const points = Array.from({ length: 2_880 }, (_, i) => ({
    at: 2 * i * MINUTE,
    value: 200 + 0.2 * i + 40 * (((2 * i) % 8) / 6) + noise(i) / 2,
  }));
  const told = forecast(points, 826, 4 * HOUR);
  expect(Math.abs((told.exhaustsAt ?? 0) - 5_860 * MINUTE)).toBeLessThan(30 * MINUTE);
  expect(forecast(points, 860, 2 * HOUR).exhaustsAt).toBeNull();
});

test('too little history is said, with how much is missing', () => {
  const nothing = {
    exhaustsAt: null,
    earliest: null,
    latest: null,
    since: null,
    confidence: 0,
    because: 'not enough history: 20 more minutes',
  };
  expect(forecast([], 900, 2 * HOUR)).toEqual(nothing);
  expect(
    forecast(
      series(11, (m) => 10 * m),
      900,
      2 * HOUR,
    ),
  ).toEqual({ ...nothing, because: 'not enough history: 10 more minutes' });
});

test('what is at the limit now is said so', () => {
  const told = forecast(
    series(60, () => 950),
    900,
    HOUR,
  );
  expect([told.exhaustsAt, told.confidence]).toEqual([59 * MINUTE, 1]);
});

test('order, duplicates and values that are no numbers change nothing', () => {
  const points = series(301, (m) => 100 + 2 * m);
  const worse = [...points, { at: 5 * MINUTE, value: Number.NaN }, ...points.slice(0, 50)].reverse().concat(points);
  expect(forecast(worse, 900, 2 * HOUR)).toEqual(forecast(points, 900, 2 * HOUR));
});

test('whatever comes in, the answer is of one piece', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 1e9 }), value: fc.double({ min: -1e12, max: 1e12 }) }), { maxLength: 120 }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 1e9 }),
      (points, limit, horizon) => {
        const { exhaustsAt, earliest, latest, confidence } = forecast(points, limit, horizon);
        expect(confidence >= 0 && confidence <= 1).toBe(true);
        if (exhaustsAt === null) expect([earliest, latest]).toEqual([null, null]);
        else expect(earliest! <= exhaustsAt && exhaustsAt <= latest!).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test('how far the points are apart, and in which unit they are, changes nothing but the length of what is foretold', () => {
  const noise = (i: number) => Math.sin(i * 12.9898) * 0.6 + Math.sin(i * 78.233) * 0.4;
  const steps = [10_000, 60_000, 900_000, 3_600_000, 86_400_000].flatMap((every) =>
    [1e-6, 1, 1e9].map((unit) => {
      const series = Array.from({ length: 200 }, (_, i) => ({ at: i * every, value: unit * (5 + 0.05 * i + 0.1 * noise(i)) }));
      const { exhaustsAt } = forecast(series, unit * (5 + 0.05 * 240), 100 * every);
      return exhaustsAt === null ? null : exhaustsAt / every;
    }),
  );
  // The limit is where the line is at the 240th point; the noise is there a little before it.
  for (const at of steps) expect(Math.abs((at ?? 0) - 240)).toBeLessThan(4);
});

test('what is reached soon is told of a day’s horizon too, with the history that the nearer time needs', () => {
  // 400 + 1.5 a minute, known for two hours and a half: 740 after 227 minutes, 77 of them after the newest point.
  const told = forecast(
    series(150, (m) => 400 + 1.5 * m),
    740,
    24 * HOUR,
  );
  expect(Math.abs((told.exhaustsAt ?? 0) - 226 * MINUTE)).toBeLessThan(5 * MINUTE);
  expect(
    forecast(
      series(150, (m) => 400 + 1.5 * m),
      1_400,
      24 * HOUR,
    ),
  ).toMatchObject({
    exhaustsAt: null,
    confidence: 0,
    because: 'not enough history: 91 more minutes; if it goes on as it does, it is reached in about 9 hours',
  });
});

test('a tooth that grows over all tops before it is cut no more, and is foretold by its own rise', () => {
  // Cut back at 800 each 100 minutes, twelve times; the last one is not: 400 + 4 a minute reaches 990 at minute 1,347.
  const points = series(1_325, (m) => (m < 1_200 ? 400 + 4 * (m % 100) : 400 + 4 * (m - 1_200)));
  expect(Math.abs((forecast(points, 990, HOUR).exhaustsAt ?? 0) - 1_347 * MINUTE)).toBeLessThan(6 * MINUTE);
  expect(forecast(points.slice(0, 1_295), 990, HOUR).exhaustsAt).toBeNull();
});

test('on the second day what rose at the same hours of the first is no leak, unless it goes beyond that day', () => {
  const wave = (m: number) => 500 - 200 * Math.cos((2 * Math.PI * m) / 1440);
  const told = (minutes: number, value: (m: number) => number) => forecast(series(minutes, value), 1_000, 24 * HOUR).exhaustsAt;
  for (const minutes of [1_740, 1_800, 1_860]) expect(told(minutes, wave)).toBeNull();
  expect(told(1_860, (m) => wave(m) + Math.max(0, m - 1_440))).not.toBeNull();
  expect(told(1_860, (m) => 300 + Math.max(0, m - 1_440) / 2)).not.toBeNull();
});

test('what rises by day, hardly by night, and never comes down is no wave of a day', () => {
  // By 120 an hour at noon, by none at midnight; on the morning of the second day a limit two hours away.
  const busy = (m: number) => m - (720 / Math.PI) * Math.cos((2 * Math.PI * (m - 360)) / 1440);
  expect(forecast(series(1_800, busy), busy(1_860), 2 * HOUR).exhaustsAt).not.toBeNull();
});

test('what was cleaned up at the same height each time is taken to be cleaned up again, until it goes beyond', () => {
  // From 600 by 10 an hour to 800, thrice, and again.
  const disk = (m: number) => 600 + ((m / 6) % 200);
  const told = (minutes: number, value: (m: number) => number) => forecast(series(minutes, value), 1_000, 24 * HOUR).exhaustsAt;
  expect(told(4_700, disk)).toBeNull();
  expect(told(5_400, (m) => (m < 3_600 ? disk(m) : 600 + (m - 3_600) / 6))).not.toBeNull();
});
