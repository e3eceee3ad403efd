import { expect, onTestFinished, test } from 'vitest';
import { answerChart, answerOutlook } from './chart.ts';
import { SeriesDatabase } from './series-database.ts';

/** Kept series as charts and cards are answered: real SQLite. */

const START = Date.UTC(2026, 0, 5, 9);
const EVERY = 15_000;
const MINUTE = 60_000;
const MIB = 2 ** 20;
const WEB = { namespace: 'shop', workload: 'Deployment/web' };

function store() {
  const db = new SeriesDatabase(':memory:');
  onTestFinished(() => db.close());
  return db;
}

function filled(name: string, labels: object, values: readonly (number | undefined)[], db = store()) {
  db.write(
    'one',
    values.flatMap((value, i) =>
      value === undefined ? [] : [{ labels: { __name__: name, ...labels } as Record<string, string>, at: START + i * EVERY, value }],
    ),
  );
  return db;
}
const chart = (db: SeriesDatabase, of: string, minutes: number, step: number, counters: 'rate' | 'total' = 'rate') => {
  const answer = answerChart(db, 'one', { of: [of], start: START, end: START + minutes * MINUTE, step, counters });
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
};

test('as finely as samples come a line is the samples themselves, at their very times', () => {
  const db = filled('workload_cpu_cores', WEB, [1, 2, 3]);
  expect(chart(db, 'workload_cpu_cores', 1, EVERY).lines).toEqual([
    {
      of: 0,
      labels: { __name__: 'workload_cpu_cores', ...WEB },
      at: [START, START + EVERY, START + 2 * EVERY],
      min: [1, 2, 3],
      max: [1, 2, 3],
      mean: [1, 2, 3],
      gaps: [],
    },
  ]);
});

test('one high sample in a week is in the span of its hour, and no span is left out or drawn twice', () => {
  const week = Array.from({ length: 7 * 24 * 240 }, (_, i) => (i === 20_000 ? 900 : 100));
  const { lines } = chart(filled('workload_cpu_cores', WEB, week), 'workload_cpu_cores', 7 * 24 * 60, 60 * MINUTE);
  expect(lines[0]!.at).toHaveLength(168);
  expect(lines[0]!.max.filter((v) => v > 100)).toEqual([900]);
  expect(lines[0]!.max[Math.floor(20_000 / 240)]).toBe(900);
  expect(lines[0]!.mean[Math.floor(20_000 / 240)]).toBeCloseTo(100 + 800 / 240);
});

test('a night without samples is a hole from the last before to the first after; a reading that was late is none', () => {
  const values = Array.from({ length: 240 }, (_, i) => (i === 30 || (i > 100 && i < 140) ? undefined : 5));
  const { lines } = chart(filled('workload_cpu_cores', WEB, values), 'workload_cpu_cores', 60, EVERY);
  expect(lines[0]!.gaps).toEqual([[START + 100 * EVERY, START + 140 * EVERY]]);
});

test('a counter is what it grows by in a second, also over a new beginning, and says nothing across a hole', () => {
  const values = Array.from({ length: 60 }, (_, i) => (i > 29 && i < 55 ? undefined : i < 20 ? 1_000 + 30 * i : 30 * (i - 20)));
  const db = filled('node_network_receive_bytes_total', { node: 'a' }, values);
  const { lines } = chart(db, 'node_network_receive_bytes_total', 15, EVERY);
  expect(new Set(lines[0]!.max)).toEqual(new Set([0, 2]));
  expect(chart(db, 'node_network_receive_bytes_total', 1, EVERY, 'total').lines[0]!.max).toEqual([1_000, 1_030, 1_060, 1_090]);
  expect(lines[0]!.at.filter((at) => at > START + 29 * EVERY && at <= START + 55 * EVERY)).toEqual([]);
});

test('more series than a chart takes are said to be there; a selector that is none is refused in a sentence', () => {
  const db = store();
  for (let i = 0; i < 60; i++) filled('node_cpu_cores', { node: `n${i}` }, [1], db);
  const { lines, truncated } = chart(db, 'node_cpu_cores', 1, EVERY);
  expect([lines.length, truncated]).toEqual([50, true]);
  expect(answerChart(db, 'one', { of: ['{'], start: START, end: START, step: EVERY, counters: 'rate' })).toMatchObject({
    ok: false,
    failure: { code: 'bad-input' },
  });
  expect(answerChart(db, 'one', { of: ['x'], start: 0, end: START, step: EVERY, counters: 'rate' })).toMatchObject({ ok: false });
});

function outlookAfter(minutes: number, memory: (minute: number) => number) {
  const turns = Array.from({ length: minutes * 4 }, (_, i) => i / 4);
  const db = filled(
    'workload_memory_bytes_max',
    WEB,
    turns.map((m) => memory(m)),
  );
  filled(
    'workload_memory_limit_bytes',
    WEB,
    turns.map(() => 512 * MIB),
    db,
  );
  return answerOutlook(db, 'one', { labels: WEB, now: START + minutes * MINUTE }).outlooks[0];
}
const noise = (minute: number) => 0.2 * MIB * Math.sin(minute * 12.9898);

test('a leak runs out at a time between two others; what it stands on is in the unit of the series', () => {
  const told = outlookAfter(90, (m) => (200 + 2 * m) * MIB + noise(m));
  expect(told).toMatchObject({ state: 'runsOut', signal: 'workload_memory_bytes_max', limit: 512 * MIB });
  expect(told?.because).toMatch(/^it rises by 1[12]\d MiB an hour, seen over/);
  const at = Date.parse(told?.exhaustsAt ?? '');
  expect(Math.abs(at - (START + 156 * MINUTE))).toBeLessThan(10 * MINUTE);
  expect(Date.parse(told?.earliest ?? '')).toBeLessThanOrEqual(at);
  expect(Date.parse(told?.latest ?? '')).toBeGreaterThanOrEqual(at);
});

test('after ten minutes it is said how long is still missing; what is flat lasts; what is nearly empty is not foretold', () => {
  expect(outlookAfter(10, (m) => (300 + m) * MIB)).toMatchObject({
    state: 'unknown',
    because: expect.stringMatching(/^not enough history: 1\d more minutes/) as string,
    exhaustsAt: null,
  });
  expect(outlookAfter(120, (m) => 300 * MIB + noise(m))).toMatchObject({ state: 'lasts', exhaustsAt: null });
  expect(outlookAfter(120, (m) => (50 + m / 10) * MIB)).toMatchObject({
    state: 'lasts',
    because: 'it is at 12 % of its limit; below 30 % nothing is foretold',
  });
  expect(outlookAfter(30, () => 512 * MIB)).toMatchObject({ state: 'reached' });
});
