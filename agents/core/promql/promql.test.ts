import { expect, test } from 'vitest';
import { evaluateAt, evaluateRange } from './evaluate.ts';
import { parse } from './parser.ts';
import { type Labels, type Samples, matching } from './reader.ts';
import { playScript } from './script.ts';

const MINUTE = 60_000;
const series = (labels: Labels, every: number, values: readonly number[]): Samples => ({
  labels,
  at: Float64Array.from(values, (_, i) => i * every),
  values: Float64Array.from(values),
});
const readerOf = (all: readonly Samples[]) => ({
  select: (matchers: Parameters<typeof matching>[0]) => all.filter((s) => matching(matchers)(s.labels)),
});

test('a counter that begins again counts on, and the rate reaches to the ends of the range', () => {
  const reader = readerOf([series({ __name__: 'requests_total', pod: 'a' }, MINUTE, [0, 60, 120, 30, 90])]);
  expect(evaluateAt(reader, { expr: parse('rate(requests_total[5m])'), at: 4 * MINUTE })).toEqual({
    type: 'vector',
    series: [{ labels: { pod: 'a' }, at: [4 * MINUTE], values: [210 / 300] }],
    warnings: [],
  });
});

test('a sample stands for its series five minutes long, and not a moment longer', () => {
  const reader = readerOf([series({ __name__: 'up' }, MINUTE, [1])]);
  const at = (ms: number) => evaluateAt(reader, { expr: parse('up'), at: ms });
  expect([at(5 * MINUTE - 1), at(5 * MINUTE)].map((a) => (a.type === 'vector' ? a.series.length : undefined))).toEqual([1, 0]);
});

test('over a range each step is asked by itself; a hole in the data stays a hole', () => {
  const reader = readerOf([{ labels: { __name__: 'm' }, at: Float64Array.of(0, 20 * MINUTE), values: Float64Array.of(1, 2) }]);
  expect(evaluateRange(reader, { expr: parse('m * 10'), start: 0, end: 22 * MINUTE, step: 2 * MINUTE })).toEqual({
    type: 'matrix',
    series: [{ labels: {}, at: [0, 2, 4, 20, 22].map((m) => m * MINUTE), values: [10, 10, 10, 20, 20] }],
    warnings: [],
  });
});

test.each([
  ['rate(m)', 'rate takes a range, such as metric[5m], not a vector'],
  ['sum(', 'the question ends'],
  ['m{a=b}', '"b" is not expected here; a string is'],
  ['m[0s]', 'a range is a length of time above zero, such as [5m]'],
  ['{a=""}', 'a selector needs at least one matcher that refuses the empty value'],
  ['m{a=~"("}', '"(" is no regular expression'],
  ['nosuch(m)', 'there is no function nosuch'],
  ['1 > 2', 'two numbers are compared with > bool'],
  ['histogram_avg(m)', 'histogram_avg is not answered here'],
  ['('.repeat(300), 'it is nested deeper than 200'],
])('%s is refused in a sentence', (query, message) => {
  expect(() => parse(query)).toThrow(message);
});

test('two series that would have one label set are refused, not mixed', () => {
  const reader = readerOf([series({ __name__: 'a_total', x: '1' }, MINUTE, [1]), series({ __name__: 'b_total', x: '1' }, MINUTE, [1])]);
  expect(() => evaluateAt(reader, { expr: parse('{x="1"} + 0'), at: 0 })).toThrow('vector cannot contain metrics with the same labelset');
});

test('the player of scripts tells passed, failed and outside apart', () => {
  const script = `
load 1m
  m{a="1"} 1+1x3
  h {{schema:0 sum:5 count:4}}

eval instant at 2m m
  m{a="1"} 3

eval instant at 2m m
  m{a="1"} 4

eval instant at 2m h
  h {{schema:0 sum:5 count:4}}

eval instant at 2m rate(m)
  expect fail
`;
  expect(playScript(script).map((r) => [r.line, r.verdict])).toEqual([
    [6, 'passed'],
    [9, 'failed'],
    [12, 'outside'],
    [15, 'passed'],
  ]);
});
