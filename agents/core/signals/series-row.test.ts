import { expect, test } from 'vitest';
import { rowOf } from './series-row.ts';

const AT = Date.UTC(2026, 10, 23, 20, 18, 36);

test.each([
  ['2026-11-23T20:18:36Z,1.5', AT, 1.5],
  ['2026-11-23T21:18:36+01:00,1.5', AT, 1.5],
  ['2026-11-23 20:18:36,-2', AT, -2],
  ['2026-11-23 20:18:36.250,1e3', AT + 250, 1000],
  [`${AT / 1000},0`, AT, 0],
  [`${AT},0`, AT, 0],
  [`${AT}000,0`, AT, 0],
  [`"${AT}000000";".5"`, AT, 0.5],
  ['2026-11-23\t7\tand more', Date.UTC(2026, 10, 23), 7],
])('%s', (line, at, value) => {
  expect(rowOf(line)).toEqual({ ok: true, point: { at, value } });
});

test.each([
  ['2026-11-23T20:18:36Z,NaN', 'has the value "NaN", which is no number'],
  ['2026-11-23T20:18:36Z,', 'has the value (nothing), which is no number'],
  ['2026-11-23T20:18:36Z,1e999', 'has the value "1e999", which is too large'],
  ['2026-13-23 20:18:36,1', 'has the timestamp "2026-13-23 20:18:36", which is neither ISO 8601 nor an epoch'],
  ['yesterday,1', 'has the timestamp "yesterday", which is neither ISO 8601 nor an epoch'],
  ['alone', 'is not a timestamp, a comma and a value'],
])('%s is refused', (line, problem) => {
  expect(rowOf(line)).toEqual({ ok: false, problem });
});
