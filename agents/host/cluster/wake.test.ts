import { expect, test } from 'vitest';
import { onWake } from './wake.ts';

function watched() {
  const source = { now: 1_000_000, here: '10.0.0.5', wall: () => (source.now += 5), addresses: () => source.here };
  const heard: string[] = [];
  const stop = onWake((because) => heard.push(because), source, 5);
  return { source, heard, stop };
}

test('a wall clock that ran on while nothing else did is a sleep', async () => {
  const { source, heard, stop } = watched();
  source.now += 3_600_000;
  await expect.poll(() => heard).toEqual(['slept']);
  stop();
});

test('other addresses are another network; none at all is no network yet', async () => {
  const { source, heard, stop } = watched();
  source.here = '';
  const seen = source.now;
  await expect.poll(() => source.now).toBeGreaterThan(seen + 20);
  expect(heard).toEqual([]);
  source.here = '192.168.1.7';
  await expect.poll(() => heard).toEqual(['network']);
  stop();
});

test('time that passes as it should, and a clock set right by a few seconds, wake nobody', async () => {
  const { source, heard, stop } = watched();
  source.now += 4_000;
  const seen = source.now;
  await expect.poll(() => source.now).toBeGreaterThan(seen + 30);
  expect(heard).toEqual([]);
  stop();
});
