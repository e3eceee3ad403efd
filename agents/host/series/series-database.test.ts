import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeriesDatabase } from './series-database.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const cpu = { __name__: 'cpu', pod: 'web-1' };
const span = (at: number, ...values: readonly number[]) => ({
  at,
  min: Math.min(...values),
  max: Math.max(...values),
  sum: values.reduce((a, b) => a + b, 0),
  count: values.length,
});

test('samples in any order, late and twice, are as if they had come in order; the later given of one time holds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: -50, max: 50 })), { minLength: 1, maxLength: 1_500 }),
      fc.array(fc.nat(1_500), { maxLength: 3 }),
      (samples, flushes) => {
        const db = new SeriesDatabase(':memory:');
        const expected = new Map<number, number>();
        samples.forEach(([at, value], i) => {
          db.write('prod', [{ labels: cpu, at: at * 1000, value }]);
          expected.set(at * 1000, value);
          if (flushes.includes(i)) db.flush();
        });
        const sorted = [...expected].sort(([a], [b]) => a - b).map(([at, value]) => span(at, value));
        expect(db.range('prod', cpu, 0, 3_001_000, 1)).toEqual(sorted);
        db.close();
      },
    ),
    { numRuns: 25 },
  );
});

test('what is no number is refused and counted; the others are taken', () => {
  const db = new SeriesDatabase(':memory:');
  const samples = [Number.NaN, 1, Number.POSITIVE_INFINITY, -2].map((value, i) => ({ labels: cpu, at: i, value }));
  expect(db.write('prod', samples)).toEqual({ taken: 2, refused: 2 });
  expect(db.range('prod', cpu, 0, 10, 10)).toEqual([span(0, 1, -2)]);
  db.close();
});

test('clusters and label sets are apart, the order of labels does not matter, and all is there after a restart', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-series-'));
  try {
    const path = join(dir, 'series.db');
    const first = new SeriesDatabase(path);
    first.write('prod', [{ labels: cpu, at: 1_000, value: 1 }]);
    first.write('dev', [{ labels: cpu, at: 1_000, value: 2 }]);
    first.close();
    const db = new SeriesDatabase(path);
    db.write('prod', [{ labels: { pod: 'web-1', __name__: 'cpu' }, at: 2_000, value: 3 }]);
    expect(db.range('prod', cpu, 0, 9_000, 1)).toEqual([span(1_000, 1), span(2_000, 3)]);
    expect(db.range('dev', cpu, 0, 9_000, 1)).toEqual([span(1_000, 2)]);
    expect(db.range('prod', { pod: 'web-2' }, 0, 9_000, 1)).toEqual([]);
    db.close();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('old samples become minutes, then quarters of hours, then hours, then nothing, and no count is lost on the way', () => {
  const db = new SeriesDatabase(':memory:');
  const samples = Array.from({ length: 4 * 60 * 24 }, (_, i) => ({ labels: cpu, at: i * 15_000, value: i % 4 }));
  db.write('prod', samples);
  const day = () => db.range('prod', cpu, 0, DAY, 1);
  const tidyAt = (now: number) => {
    while (db.tidy(now));
  };
  const steps = [2, 9, 23, 92].map((days) => {
    tidyAt(days * DAY);
    const spans = day();
    return [spans.length, spans.reduce((sum, s) => sum + s.count, 0), spans[0]];
  });
  const hour = (n: number) => ({ at: 0, min: 0, max: 3, sum: n * 1.5, count: n });
  expect(steps).toEqual([
    [5760, 5760, span(0, 0)],
    [1440, 5760, hour(4)],
    [96, 5760, hour(60)],
    [24, 5760, hour(240)],
  ]);
  tidyAt(500 * DAY);
  expect(day()).toEqual([]);
  db.close();
});

test('a file that is too large loses its oldest', () => {
  const db = new SeriesDatabase(':memory:');
  for (let n = 0; n < 200; n++)
    db.write(
      'prod',
      Array.from({ length: 480 }, (_, i) => ({ labels: { n: String(n) }, at: n * DAY + i * 15_000, value: Math.sin(i * n) })),
    );
  const most = db.bytes() / 2;
  for (let i = 0; i < 5; i++) db.tidy(200 * DAY, most);
  expect(db.bytes()).toBeLessThanOrEqual(most);
  db.close();
});
