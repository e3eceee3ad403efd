import { expect, test } from 'vitest';
import { pointInJson, seriesInJson } from './series-json.ts';
import { formOf, rowOf } from './series-row.ts';

const T = 1_760_000_000;
const POINTS = [
  { at: T * 1000, value: 1.5 },
  { at: (T + 60) * 1000, value: 2 },
];

test.each([
  [
    'an answer of Prometheus',
    {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: {},
            values: [
              [T, '1.5'],
              [T + 60, '2'],
            ],
          },
        ],
      },
    },
  ],
  ['our own answer', { type: 'matrix', series: [{ labels: {}, at: [T * 1000, (T + 60) * 1000], values: [1.5, 2] }] }],
  [
    'pairs',
    [
      [T, 1.5],
      [T + 60, 2],
    ],
  ],
  [
    'pairs with the time last',
    [
      {
        target: 'a',
        datapoints: [
          [1.5, T],
          [2, T + 60],
        ],
      },
    ],
  ],
  [
    'objects',
    [
      { time: new Date(T * 1000).toISOString(), cpu: 1.5 },
      { time: new Date((T + 60) * 1000).toISOString(), cpu: 2 },
    ],
  ],
  ['columns', { timestamps: [T, T + 60], values: [1.5, 2] }],
])('%s', (_, document) => {
  expect(seriesInJson(document)).toEqual({ points: POINTS, others: 0 });
});

test('values alone are a minute apart, holes are holes; several series are counted; what is no series is none', () => {
  expect(seriesInJson([1, null, 3])?.points).toEqual([
    { at: 0, value: 1 },
    { at: 120_000, value: 3 },
  ]);
  expect(seriesInJson({ result: [{ values: [[T, '1']] }, { values: [[T, '2']] }] })?.others).toBe(1);
  for (const none of [{}, [], 'x', null, { status: 'error' }, [['a', 'b']]]) expect(seriesInJson(none)).toBeUndefined();
  expect(pointInJson({ level: 'info' })).toBeUndefined();
});

test.each([
  ['host,datetime,cpu_usage,region', 'web-1,2026-11-23 20:18:36,1.5,eu'],
  ['Zeit;Wert', '2026-11-23 20:18:36;1,5'],
  ['"time","value"', '"2026-11-23T20:18:36Z","1.5"'],
  ['value,timestamp', `1.5,${Date.UTC(2026, 10, 23, 20, 18, 36) / 1000}`],
  ['time value', '2026-11-23 20:18:36 1.5'],
  [undefined, '7;2026-11-23T20:18:36Z'],
])('rows under %s', (head, line) => {
  const { form, heading } = formOf(head === undefined ? [line] : [head, line]);
  expect(heading).toBe(head !== undefined);
  expect(rowOf(line, form)).toEqual({ ok: true, point: { at: Date.UTC(2026, 10, 23, 20, 18, 36), value: head === undefined ? 7 : 1.5 } });
});

test('rows of values alone', () => {
  const { form, heading } = formOf(['cpu', '1.5', '2']);
  expect(heading).toBe(true);
  expect([rowOf('1.5', form, 0), rowOf('2', form, 1)]).toEqual([
    { ok: true, point: { at: 0, value: 1.5 } },
    { ok: true, point: { at: 60_000, value: 2 } },
  ]);
});
