import { expect, test } from 'vitest';
import { AnomalyDetector } from './anomalies.ts';
import { Counter } from './counter.ts';

const alerts = (values: readonly number[]): readonly number[] => {
  const detector = new AnomalyDetector();
  return values.flatMap((value, i) => (detector.next(i * 60_000, value).score >= 0.5 ? [i] : []));
};
/** Counts 50 a minute, and from nothing again at each of `starts`. */
function counted(minutes: number, starts: readonly number[], more: (i: number) => number = () => 50): readonly number[] {
  let count = 1_000;
  return Array.from(
    { length: minutes },
    (_, i) => (count = starts.includes(i) ? 12 : count + more(i) + Math.round(6 * Math.sin(i * 12.9898))),
  );
}

test('a counter that begins anew is healthy', () => {
  expect(alerts(counted(2_000, [300, 1_100, 1_450]))).toEqual([]);
});

test('a counter that stands still is said, after new starts too', () => {
  const still = (i: number) => (i >= 1_600 ? -Math.round(6 * Math.sin(i * 12.9898)) : 50);
  const said = alerts(counted(1_700, [300], still));
  expect([said.length > 0, (said[0] ?? 0) >= 1_600]).toEqual([true, true]);
});

test('what falls by less, or fell before, or below nothing, is no counter', () => {
  const baseOf = (values: readonly number[]) => {
    const counter = new Counter();
    for (const value of values) counter.take(value);
    return counter.base;
  };
  const rising = Array.from({ length: 40 }, (_, i) => 100 + i);
  expect([baseOf([...rising, 3]), baseOf([...rising, 90]), baseOf([...rising, 120, 119, ...rising, 3]), baseOf([...rising, -3])]).toEqual([
    139, 0, 0, 0,
  ]);
});
