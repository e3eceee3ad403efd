import { expect, test } from 'vitest';
import { timeSaid } from './time-said.ts';

const now = Date.parse('2026-11-30T15:20:00Z');
const dayBegan = Date.parse('2026-11-30T00:00:00Z');
const said = (question: string) => {
  const time = timeSaid(question, { now, dayBegan });
  return time === undefined ? undefined : [new Date(time.from).toISOString(), new Date(time.to).toISOString()].map((t) => t.slice(0, 16));
};

test.each([
  ['what changed in the last hour', '2026-11-30T14:20', '2026-11-30T15:20'],
  ['changes of the past 2 hours', '2026-11-30T13:20', '2026-11-30T15:20'],
  ['in the last half hour', '2026-11-30T14:50', '2026-11-30T15:20'],
  ['over the last 30 min', '2026-11-30T14:50', '2026-11-30T15:20'],
  ['who deployed three days ago', '2026-11-27T15:20', '2026-11-30T15:20'],
  ['what happened since 14:00', '2026-11-30T14:00', '2026-11-30T15:20'],
  ['since 11 pm', '2026-11-29T23:00', '2026-11-30T15:20'],
  ['anything new today', '2026-11-30T00:00', '2026-11-30T15:20'],
  ['what did you do yesterday', '2026-11-29T00:00', '2026-11-30T00:00'],
  ['since yesterday', '2026-11-29T00:00', '2026-11-30T15:20'],
  ['what happened last night', '2026-11-29T18:00', '2026-11-30T15:20'],
  ['this week', '2026-11-23T15:20', '2026-11-30T15:20'],
])('%s', (question, from, to) => {
  expect(said(question)).toEqual([from, to]);
});

test('no time is said', () => {
  expect(['what changed', 'who scaled cart to 12', 'what runs from 3 images'].map(said)).toEqual([undefined, undefined, undefined]);
});
