import { expect, test } from 'vitest';
import { WindowSchema } from '../contract/index.ts';
import { isWithin } from './time-window.ts';

const at = (window: object, time: string) => isWithin(WindowSchema.parse(window), Date.parse(time));

test('hours of a day, the end not with them; without hours the whole day', () => {
  const day = { from: '08:00', to: '17:30' };
  expect([at(day, '2026-03-04T08:00:00Z'), at(day, '2026-03-04T17:29:59Z'), at(day, '2026-03-04T17:30:00Z')]).toEqual([true, true, false]);
  expect([at({ days: ['wed'] }, '2026-03-04T00:00:00Z'), at({ days: ['wed'] }, '2026-03-05T00:00:00Z')]).toEqual([true, false]);
});

test('over midnight it belongs to the day it begins on', () => {
  const night = { days: ['fri'], from: '22:00', to: '06:00' };
  expect([at(night, '2026-03-06T23:00:00Z'), at(night, '2026-03-07T05:59:00Z')]).toEqual([true, true]);
  expect([at(night, '2026-03-06T05:00:00Z'), at(night, '2026-03-07T22:30:00Z')]).toEqual([false, false]);
});

test('in its own time zone, also over the change to summer time', () => {
  const office = { days: ['sun'], from: '03:00', to: '04:00', timezone: 'Europe/Berlin' };
  expect([at(office, '2026-03-29T01:30:00Z'), at(office, '2026-03-29T02:30:00Z')]).toEqual([true, false]);
  expect(() => WindowSchema.parse({ timezone: 'Berlin' })).toThrow('no time zone');
});
