import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextFiring, parseSchedule, period } from './cron.ts';

const after = Date.parse('2026-03-01T12:00:30Z');
const next = (text: string) => {
  const schedule = parseSchedule(text);
  if (schedule === undefined) return 'no schedule';
  const at = nextFiring(schedule, after);
  return at === undefined ? 'never' : new Date(at).toISOString().slice(0, 16);
};

test.each([
  ['* * * * *', '2026-03-01T12:01'],
  ['0 3 * * *', '2026-03-02T03:00'],
  ['*/15 9-17 * * mon-fri', '2026-03-02T09:00'],
  ['0 0 29 2 *', '2028-02-29T00:00'],
  ['30 2 31 * *', '2026-03-31T02:30'],
  ['0 0 13 * 5', '2026-03-06T00:00'],
  ['@hourly', '2026-03-01T13:00'],
  ['@every 1h30m', '2026-03-01T13:30'],
  ['TZ=Europe/Berlin 0 3 * * *', '2026-03-02T03:00'],
  ['5/20 * * * ?', '2026-03-01T12:05'],
  ['0 0 30 2 *', 'never'],
  ['0 0 31 feb,apr,jun *', 'never'],
  ['60 * * * *', 'no schedule'],
  ['* * * *', 'no schedule'],
  ['* * * * * *', 'no schedule'],
  ['*/0 * * * *', 'no schedule'],
  ['0 0 * * 7', 'no schedule'],
  ['17-3 * * * *', 'no schedule'],
])('%s fires next at %s', (text, at) => {
  expect(next(text)).toBe(at);
});

test('what fires does so at a minute that its fields allow, and later than asked', () => {
  const field = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String);
  fc.assert(
    fc.property(field(0, 59), field(0, 23), fc.integer({ min: 0, max: 4e12 }), (minute, hour, at) => {
      const schedule = parseSchedule(`${minute} ${hour} * * *`);
      const fires = schedule === undefined ? undefined : nextFiring(schedule, at);
      const date = new Date(fires ?? NaN);
      return (
        fires !== undefined &&
        fires > at &&
        fires - at <= 86_400_000 &&
        `${date.getUTCMinutes()} ${date.getUTCHours()}` === `${minute} ${hour}`
      );
    }),
  );
});

test('the time between two firings', () => {
  const of = (text: string) => period(parseSchedule(text) ?? { everyMs: NaN }, after);
  expect([of('*/5 * * * *'), of('@daily'), of('0 0 30 2 *')]).toEqual([300_000, 86_400_000, undefined]);
});
