import { expect, test } from 'vitest';
import { LimitWatch, foretell } from './limits.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 9);
const MIB = 2 ** 20;
const API = { namespace: 'shop', workload: 'Deployment/api' };
const at = (minute: number) => START + minute * MINUTE;

/** A leak of 4 MiB a minute from 100 MiB, towards a limit of 512 MiB: reached after 103 minutes. */
const leak = (minute: number) => (100 + 4 * minute) * MIB + 50_000 * Math.sin(minute * 12.9898);

function watchOf(minutes: number, value: (minute: number) => number, limit = 512 * MIB): LimitWatch {
  const watch = new LimitWatch();
  watch.define(1, 'workload_memory_bytes_max', API);
  watch.define(2, 'workload_memory_limit_bytes', API);
  for (let m = 0; m < minutes; m++) {
    watch.take(1, at(m), value(m));
    watch.take(2, at(m), limit);
  }
  return watch;
}
const points = (minutes: number, value: (minute: number) => number) =>
  Array.from({ length: minutes }, (_, m) => ({ at: at(m), value: value(m) }));

test('a leak is foretold with the limit it runs to, when, and what that stands on', () => {
  const [candidate, ...others] = watchOf(61, leak).candidates();
  expect(others).toEqual([]);
  const told = foretell(candidate!, points(61, leak));
  expect(told).toMatchObject({
    signal: 'workload_memory_bytes_max',
    labels: API,
    limitSignal: 'workload_memory_limit_bytes',
    limit: 512 * MIB,
  });
  expect(Math.abs(Date.parse(told!.exhaustsAt) - at(103))).toBeLessThan(4 * MINUTE);
  expect([told!.earliest <= told!.exhaustsAt, told!.exhaustsAt <= told!.latest, told!.because.includes('it rises by')]).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  ['what does not rise', watchOf(61, () => 400 * MIB)],
  ['what is nearly empty', watchOf(61, (m) => (1 + m) * MIB)],
  ['what has no limit', watchOf(61, leak, 0)],
])('%s is not read back', (_, watch) => {
  expect(watch.candidates()).toEqual([]);
});

test('too little history foretells nothing, and what is full already is no forecast', () => {
  const [young] = watchOf(12, (m) => (300 + 8 * m) * MIB).candidates();
  expect(
    foretell(
      young!,
      points(12, (m) => (300 + 8 * m) * MIB),
    ),
  ).toBeUndefined();
  const [full] = watchOf(61, (m) => (300 + 4 * m) * MIB, 500 * MIB).candidates();
  expect(
    foretell(
      full!,
      points(61, (m) => (300 + 4 * m) * MIB),
    ),
  ).toBeUndefined();
});

test('a limit belongs to the series of the same labels only, and goes with it', () => {
  const watch = watchOf(61, leak);
  watch.define(3, 'workload_memory_limit_bytes', { ...API, workload: 'Deployment/other' });
  watch.take(3, at(61), 1);
  expect(watch.candidates()[0]?.limit).toBe(512 * MIB);
  watch.forget(2);
  expect(watch.candidates()).toEqual([]);
});
