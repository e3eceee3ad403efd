import { expect, test } from 'vitest';
import { isSampleText, sampleOf } from './series-text.ts';

test.each([
  ['OpenMetrics', 'cpu{pod="a b",node="x"} 1.5 1700000000', 1_700_000_000_000],
  ['OpenMetrics with an exemplar', 'cpu_total{pod="a"} 1.5 1700000000.25 # {trace_id="x"} 0.5', 1_700_000_000_250],
  ['Prometheus, in milliseconds', 'cpu 1.5 1700000000123', 1_700_000_000_123],
  ['promtool tsdb dump', '{__name__="cpu", pod="a"} 1.5 1700000000000', 1_700_000_000_000],
])('a sample of %s', (_, line, at) => {
  expect(isSampleText([line])).toBe(true);
  expect(sampleOf(line)?.row).toEqual({ ok: true, point: { at, value: 1.5 } });
});

test('series are told apart by name and labels; what is no number, and what is no sample, is said', () => {
  expect(sampleOf('cpu{pod="a"} 1 1700000000')?.series).toBe('cpu{pod="a"}');
  expect(sampleOf('cpu{pod="a"} NaN 1700000000')?.row).toEqual({ ok: false, problem: 'has the value "NaN", which is no number' });
  expect(sampleOf('cpu 1')?.row.ok).toBe(false);
  expect([sampleOf('# TYPE cpu gauge'), sampleOf('')]).toEqual([undefined, undefined]);
});

test('rows of other forms are not taken for samples', () => {
  for (const lines of [
    ['timestamp,value', '1700000000,1'],
    ['1700000000 1.5'],
    ['2026-11-23 20:18:36 1.5'],
    ['time cpu', '1700000000 2'],
    [],
  ])
    expect(isSampleText(lines)).toBe(false);
  expect(isSampleText(['# HELP cpu used', '# TYPE cpu gauge', 'cpu 1 1700000000'])).toBe(true);
});
