import { expect, test } from 'vitest';
import { Runs } from './runs.ts';

const noise = (i: number): number => Math.sin(i * 12.9898) * 0.9 + Math.sin(i * 78.233) * 0.6;

test('points in a row on one side are the rarer the more they are; on changing sides they are nothing', () => {
  const runs = new Runs();
  for (let i = 0; i < 2000; i++) runs.next(noise(i), i);
  const [one, two, three] = [runs.next(2.6, 2000), runs.next(2.6, 2000), runs.next(2.6, 2000)];
  expect([one < 2, two > one, three > two, three > 3]).toEqual([true, true, true, true]);
  expect(Math.max(...[3, -3, 3, -3].map((off) => runs.next(off, 2000)).slice(1))).toBeLessThan(1);
});

test('where points always hang together a run is usual', () => {
  const runs = new Runs();
  for (let i = 0; i < 2000; i++) runs.next(3 * Math.sin(i / 9), i);
  expect(Math.max(runs.next(2.6, 2000), runs.next(2.6, 2000), runs.next(2.6, 2000))).toBeLessThan(2);
});
