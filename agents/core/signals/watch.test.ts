import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClusterWatch, inUnit } from './watch.ts';

const SECOND = 1_000;
const START = Date.UTC(2026, 0, 5, 9);
const every = (i: number) => START + i * 15 * SECOND;
const noise = (i: number) => Math.sin(i * 12.9898) * 0.5 + Math.sin(i * 78.233) * 0.5;
const WEB = { namespace: 'shop', workload: 'Deployment/web' };

function watchOf(signal: string, labels: Record<string, string>, values: readonly number[]): ClusterWatch {
  const watch = new ClusterWatch(100);
  watch.define(1, signal, labels);
  values.forEach((value, i) => watch.take(1, every(i), value));
  return watch;
}
const latency = (...parts: readonly (readonly [count: number, seconds: number])[]) =>
  parts.flatMap(([count, seconds]) => Array.from({ length: count }, () => seconds)).map((value, i) => value * (1 + 0.05 * noise(i)));

test('a latency that rises from 100 ms to 2 s is told with where it was expected, since when, and what would make it silent', () => {
  const [alarm, ...others] = watchOf('workload_latency_seconds', { ...WEB, quantile: '0.95' }, latency([60, 0.1], [20, 2])).news().unusual;
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({
    signal: 'workload_latency_seconds',
    labels: { workload: 'Deployment/web' },
    since: new Date(every(60)).toISOString(),
    at: new Date(every(79)).toISOString(),
  });
  expect([alarm!.high > 0.1 && alarm!.high < 0.15, alarm!.value > 1.8, alarm!.score >= 0.5]).toEqual([true, true, true]);
  expect(alarm!.silentWhen).toMatch(/^four readings in a row below 1[0-4]\d? ms|^four readings in a row below 1\d\d ms/);
});

test('it goes on although the detector has learned the new level, and ends when it is back', () => {
  const still = watchOf('workload_latency_seconds', { ...WEB, quantile: '0.95' }, latency([60, 0.1], [900, 2]));
  expect(still.news().unusual.map((u) => u.since)).toEqual([new Date(every(60)).toISOString()]);
  const back = watchOf('workload_latency_seconds', { ...WEB, quantile: '0.95' }, latency([60, 0.1], [100, 2], [10, 0.1]));
  expect(back.news().unusual).toEqual([]);
});

test.each([
  ['one outlier', latency([80, 0.1], [1, 3], [30, 0.1])],
  ['two outliers apart', latency([80, 0.1], [1, 3], [10, 0.1], [1, 3], [30, 0.1])],
  ['a rise too small to be noticed', latency([80, 0.01], [40, 0.03])],
  ['a fall', latency([80, 2], [40, 0.1])],
  ['a series that is still being learned', latency([10, 0.1], [10, 2])],
])('%s is nobody’s alarm', (_, values) => {
  expect(watchOf('workload_latency_seconds', { ...WEB, quantile: '0.95' }, values).news().unusual).toEqual([]);
});

test('quantiles that say the same again, classes of status that are no errors, and unknown signals are not judged', () => {
  const watch = new ClusterWatch(100);
  watch.define(1, 'workload_latency_seconds', { ...WEB, quantile: '0.5' });
  watch.define(2, 'workload_requests_per_second', { ...WEB, class: '2xx' });
  watch.define(3, 'something_else', WEB);
  expect(watch.news()).toEqual({ unusual: [], watched: 0, learning: 0, leftOut: 0, at: null });
});

test('where there are too many series, those that users notice first are learned', () => {
  const watch = new ClusterWatch(10);
  for (let i = 0; i < 20; i++) watch.define(i, 'workload_memory_bytes_max', { ...WEB, workload: `Deployment/${i}` });
  for (let i = 20; i < 30; i++) watch.define(i, 'workload_latency_seconds', { ...WEB, workload: `Deployment/${i}`, quantile: '0.95' });
  expect(watch.news()).toMatchObject({ watched: 10, leftOut: 20 });
});

test('a series that is gone takes its alarm along', () => {
  const watch = watchOf('workload_latency_seconds', { ...WEB, quantile: '0.95' }, latency([60, 0.1], [20, 2]));
  watch.define(2, 'workload_cpu_cores', WEB);
  watch.take(2, every(79) + 11 * 60 * SECOND, 1);
  expect(watch.news().unusual).toEqual([]);
});

test('whatever comes in: late, twice, no numbers, huge; nothing falls and what is told is of one piece', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000 }), fc.double()), { maxLength: 200 }), (points) => {
      const watch = new ClusterWatch(10);
      watch.define(1, 'workload_cpu_cores', WEB);
      for (const [at, value] of points) watch.take(1, START + at, value);
      for (const { since, at, low, high, score } of watch.news().unusual)
        expect([since <= at, low <= high, score >= 0.5 && score < 1]).toEqual([true, true, true]);
    }),
    { numRuns: 300 },
  );
});

test('values are said as people say them', () => {
  expect([
    inUnit('workload_latency_seconds', 0.0421),
    inUnit('workload_latency_seconds', 2.004),
    inUnit('workload_memory_bytes_max', 356_515_840),
    inUnit('workload_throttled_ratio', 0.25),
    inUnit('workload_cpu_cores', 1.5),
  ]).toEqual(['42.1 ms', '2 s', '340 MiB', '25 %', '1.5 cores']);
});
