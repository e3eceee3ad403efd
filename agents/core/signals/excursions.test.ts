import { expect, test } from 'vitest';
import { Excursions } from './excursions.ts';

const out = (excursions: Excursions, ...distances: readonly number[]): void => {
  for (const distance of [...distances, 0, 0, 0, 0, 0]) excursions.add(distance);
};

test('each going out counts once, however many points it has, by the farthest that it reached', () => {
  const excursions = new Excursions(0);
  expect(excursions.met(10, 1000)).toBe(Number.POSITIVE_INFINITY);
  out(excursions, 5, 12, 12, 12, 7);
  expect([excursions.met(10, 1000), excursions.met(4, 1000), excursions.met(40, 1000)]).toEqual([3, 3, Number.POSITIVE_INFINITY]);
  out(excursions, 11);
  expect(excursions.met(10, 2000)).toBe(3);
});

test('the first may be left uncounted, and what is hardly out is not looked at', () => {
  const excursions = new Excursions(1);
  out(excursions, 12);
  expect([excursions.met(10, 1000), excursions.met(2, 1000)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  out(excursions, 12);
  expect(excursions.met(10, 1000)).toBe(3);
});
