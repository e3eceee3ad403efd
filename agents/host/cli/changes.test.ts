import { expect, test } from 'vitest';
import { sinceWhen } from './changes.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

test.each([
  ['90s', '2026-11-23T11:58:30.000Z'],
  ['30m', '2026-11-23T11:30:00.000Z'],
  ['1.5h', '2026-11-23T10:30:00.000Z'],
  ['7d', '2026-11-16T12:00:00.000Z'],
  ['2026-11-20T08:15:00+01:00', '2026-11-20T07:15:00.000Z'],
])('since %s', (text, time) => expect(sinceWhen(text, NOW)).toBe(time));

test.each(['soon', '2 weeks', '', '-3h'])('what is no time is refused with an example: "%s"', (text) => {
  expect(() => sinceWhen(text, NOW)).toThrow(`"${text}" is neither a time nor a span.`);
});
