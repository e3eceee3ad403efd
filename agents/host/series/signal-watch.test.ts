import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SeriesBatch } from './protocol.ts';
import { SeriesDatabase } from './series-database.ts';
import { SignalWatch } from './signal-watch.ts';

/** What arrives at the series' thread, written and judged as there: real SQLite. */

const START = Date.UTC(2026, 0, 5, 9);
const EVERY = 15_000;
const MIB = 2 ** 20;
const WEB = { namespace: 'shop', workload: 'Deployment/web' };

function thread() {
  const dir = mkdtempSync(join(tmpdir(), 'qd-signals-'));
  const db = new SeriesDatabase(join(dir, 'series.db'));
  onTestFinished(() => {
    db.close();
    rmSync(dir, { recursive: true });
  });
  const watch = new SignalWatch(db);
  const ids = new Map<number, number>();
  return (
    port: object,
    batch: Partial<SeriesBatch> & { readonly rows: readonly (readonly [number: number, value: number])[] },
    turn: number,
  ) => {
    const at = START + turn * EVERY;
    const { rows, defined = [], gone = [] } = batch;
    for (const [number, labels] of defined) ids.set(number, db.id('one', labels));
    const numbers = Uint32Array.from(rows, ([n]) => n);
    const whole: SeriesBatch = {
      ...{ context: 'one', defined, gone, numbers },
      at: Float64Array.from(rows, () => at),
      values: Float64Array.from(rows, ([, value]) => value),
    };
    db.append(
      Array.from(numbers, (n) => ids.get(n) ?? -1),
      whole.at,
      whole.values,
    );
    watch.take(port, whole);
    return watch.news('one');
  };
}

const DEFINED: SeriesBatch['defined'] = [
  [1, { __name__: 'workload_latency_seconds', ...WEB, quantile: '0.95' }],
  [2, { __name__: 'workload_memory_bytes_max', ...WEB }],
  [3, { __name__: 'workload_memory_limit_bytes', ...WEB }],
];
const wobble = (turn: number) => 1 + 0.04 * Math.sin(turn * 12.9898);
const rowsAt = (turn: number, latency: number) =>
  [
    [1, latency * wobble(turn)],
    [2, (100 + turn) * MIB],
    [3, 512 * MIB],
  ] as const;

test('a slower service and a leak are told from what arrived, the leak read back from the file', () => {
  const turn = thread();
  const port = {};
  let news = turn(port, { defined: DEFINED, rows: rowsAt(0, 0.1) }, 0);
  for (let i = 1; i < 240; i++) news = turn(port, { rows: rowsAt(i, i < 200 ? 0.1 : 2) }, i);
  expect(news.unusual.map((u) => [u.signal, u.since])).toEqual([['workload_latency_seconds', new Date(START + 200 * EVERY).toISOString()]]);
  // 4 MiB a minute from 339 MiB: 512 MiB are reached in 43 minutes.
  expect(news.runningOut.map((r) => r.signal)).toEqual(['workload_memory_bytes_max']);
  expect(Math.abs(Date.parse(news.runningOut[0]!.exhaustsAt) - (START + 412 * EVERY))).toBeLessThan(3 * 60_000);
  expect(news).toMatchObject({ watched: 2, learning: 0, leftOut: 0 });
});

test('another port numbers anew: nothing of the old one is taken for it', () => {
  const turn = thread();
  let news = turn({}, { defined: DEFINED, rows: rowsAt(0, 0.1) }, 0);
  const second = {};
  news = turn(second, { defined: [[1, { __name__: 'workload_cpu_cores', ...WEB }]], rows: [[1, 0.2]] }, 1);
  for (let i = 2; i < 60; i++) news = turn(second, { rows: [[1, 0.2 * wobble(i)]] }, i);
  expect(news).toMatchObject({ unusual: [], runningOut: [], watched: 1, learning: 0 });
});

test('what a series was is forgotten with it', () => {
  const turn = thread();
  const port = {};
  let news = turn(port, { defined: DEFINED, rows: rowsAt(0, 0.1) }, 0);
  for (let i = 1; i < 240; i++) news = turn(port, { rows: rowsAt(i, i < 200 ? 0.1 : 2) }, i);
  expect(news.unusual).toHaveLength(1);
  news = turn(port, { gone: [1, 2, 3], rows: [] }, 240);
  expect(news).toMatchObject({ unusual: [], watched: 0 });
});

test('after a start nothing is learned anew that is kept: what was unusual still is, and the leak is known at the second look', () => {
  const turn = thread();
  let news = turn({}, { defined: DEFINED, rows: rowsAt(0, 0.1) }, 0);
  const first = {};
  news = turn(first, { defined: DEFINED, rows: rowsAt(1, 0.1) }, 1);
  for (let i = 2; i < 240; i++) news = turn(first, { rows: rowsAt(i, i < 200 ? 0.1 : 2) }, i);
  const second = {};
  for (let i = 240; i < 250; i++) news = turn(second, { defined: i === 240 ? DEFINED : [], rows: rowsAt(i, 2) }, i);
  expect(news.unusual.map((u) => [u.signal, u.since])).toEqual([['workload_latency_seconds', new Date(START + 200 * EVERY).toISOString()]]);
  expect(news.runningOut.map((r) => r.signal)).toEqual(['workload_memory_bytes_max']);
  expect(news.learning).toBe(0);
});
