import { expect, test } from 'vitest';
import {
  type Fact,
  type MetricProfile,
  type Probe,
  type Sizings,
  type TrafficProfile,
  type Trends,
  isKind,
  probeKey,
  project,
} from '../../contract/index.ts';
import { reply } from '../../core/consult.ts';
import { ObjectStore } from '../../core/view.ts';
import { NOW, container, ended, running, workload } from '../testing/cluster.ts';
import { observability } from './agent.ts';

const MIB = 2 ** 20;
const WEEK = 7 * 24 * 3_600_000;
const web = { namespace: 'shop', workload: 'Deployment/web' };

const profile = (more: Partial<MetricProfile>): MetricProfile => ({
  labels: web,
  samples: 40_320,
  hoursSeen: 168,
  since: '2026-02-22T12:00:00Z',
  min: 0,
  max: 0,
  mean: 0,
  p50: 0,
  p95: 0,
  p99: 0,
  hours: [],
  days: [],
  ...more,
});

/** `known`: by signal, and where a week is meant by `signal@1` for the one before. */
function asked<T>(
  name: string,
  input: object,
  known: Readonly<Record<string, readonly MetricProfile[]>>,
  objects: readonly Record<string, unknown>[] = [],
): T {
  const store = new ObjectStore(
    'one',
    objects.flatMap((o) => (isKind(String(o['kind'])) ? [project(o['kind'] as 'Pod', o)] : [])),
  );
  const facts = new Map<string, Fact>();
  const answer = (probe: Probe): Fact => {
    if (probe.type === 'pastIncidents') return { ok: true, value: { incidents: [] } };
    if (probe.type !== 'metricProfiles') return { ok: false, failure: { code: 'not-found', message: 'nothing' } };
    const signal = /^\w+/.exec(probe.match)?.[0] ?? '';
    const key = Date.parse(probe.to) < NOW - WEEK + 600_000 ? `${signal}@1` : signal;
    const series = (known[key] ?? []).filter((p) => !probe.match.includes('class=') || p.labels['class'] === '5xx');
    return { ok: true, value: { series: [...series], truncated: false } };
  };
  for (;;) {
    const said = reply(observability, { name: name as 'observability.trends', input }, store, facts, NOW);
    if (said.type === 'answer') return said.value as T;
    if (said.type !== 'wishes') throw new Error(said.message);
    for (const probe of said.probes) facts.set(probeKey(probe), answer(probe));
  }
}

const web1 = (resources: object, status: object = {}, containers = ['app']): Record<string, unknown>[] =>
  workload({
    name: 'web',
    spec: { containers: containers.map((name) => ({ name, image: 'web:1', resources })) },
    status: { phase: 'Running', ...status },
  });
const sizes = (known: Readonly<Record<string, readonly MetricProfile[]>>, objects: readonly Record<string, unknown>[]) =>
  asked<Sizings>('observability.rightSizing', {}, known, objects).sizings;
const memory = (more: Partial<MetricProfile> = {}) => profile({ p50: 90 * MIB, p95: 95 * MIB, p99: 100 * MIB, max: 110 * MIB, ...more });

test('a container that requests ten times what it takes: what would fit, with the peak of its start, how many values, and the most against 99 %', () => {
  const known = { workload_memory_bytes_max: [memory()], workload_startup_memory_bytes_max: [profile({ max: 180 * MIB })] };
  const [first] = sizes(known, web1({ requests: { memory: '1Gi' }, limits: { memory: '1Gi' } }));
  expect(first).toMatchObject({
    resource: 'memory',
    change: 'lower',
    samples: 40_320,
    usage: { p99: 100 * MIB, max: 110 * MIB, startUpPeak: 180 * MIB },
    // 15 % above what it takes; the limit above what its start takes.
    recommended: { request: 120 * MIB, limit: 232 * MIB },
    frees: 904 * MIB,
  });
  expect(first?.because).toBe(
    '99 % of the time it takes at most 100 MiB, once 110 MiB; 180 MiB in the first five minutes; 40320 values of 168 hours',
  );
});

test('who was ended for want of memory is given more, never less, whatever it took', () => {
  const killed = { containerStatuses: [container('app', running(), { lastState: ended(137, 'OOMKilled') })] };
  const [first] = sizes(
    { workload_memory_bytes_max: [memory()] },
    web1({ requests: { memory: '128Mi' }, limits: { memory: '128Mi' } }, killed),
  );
  expect(first).toMatchObject({ change: 'raise', oomKills: 1, recommended: { request: 128 * MIB, limit: 192 * MIB } });
  expect(first?.because).toContain('it was ended 1 time for want of memory');
});

test('what fits is kept; what was seen for less than a day says how much is missing; what is not known says so', () => {
  const fits = sizes({ workload_memory_bytes_max: [memory()] }, web1({ requests: { memory: '112Mi' }, limits: { memory: '140Mi' } }));
  expect(fits.find((s) => s.resource === 'memory')).toMatchObject({ change: 'keep', recommended: null, frees: 0 });
  const young = sizes({ workload_memory_bytes_max: [memory({ hoursSeen: 5 })] }, web1({}));
  expect(young.find((s) => s.resource === 'memory')).toMatchObject({ change: 'unknown', because: 'not enough history: 19 more hours' });
  expect(young.find((s) => s.resource === 'cpu')).toMatchObject({
    change: 'unknown',
    usage: null,
    because: 'nothing is known of what it takes',
  });
});

test('of several containers each is sized by its own series', () => {
  const of = (name: string, p99: number) => profile({ labels: { ...web, pod: 'web-1', container: name }, p99, max: p99 });
  const found = sizes({ container_memory_bytes: [of('app', 100 * MIB), of('proxy', 20 * MIB)] }, web1({}, {}, ['app', 'proxy']));
  expect(found.filter((s) => s.resource === 'memory').map((s) => [s.container, s.change, s.recommended?.request])).toEqual([
    ['app', 'set', 120 * MIB],
    ['proxy', 'set', 24 * MIB],
  ]);
});

const hours = (from: number, to: number, mean: number) =>
  Array.from({ length: to - from }, (_, i) => ({ hour: from + i, mean, max: 2 * mean }));

test('trends compare the hours of the week that were seen in both; without a week before there is no change', () => {
  const known = {
    workload_cpu_cores: [profile({ hours: [...hours(0, 10, 3), ...hours(10, 20, 100)] })],
    'workload_cpu_cores@1': [profile({ hours: hours(0, 10, 2) })],
    workload_memory_bytes: [profile({ hours: hours(0, 20, MIB) })],
  };
  const { trends, because } = asked<Trends>('observability.trends', {}, known);
  expect(trends.map((t) => [t.measure, t.weekBefore, t.thisWeek, t.change, t.compared])).toEqual([
    ['cpu', 2, 3, 0.5, 10],
    ['memory', null, MIB, null, 0],
  ]);
  expect(because).toBe('compared are the hours of the week that were seen in both, 10 to 10 of 168');
});

test('requests are the sum of their classes, errors those of one', () => {
  const of = (kind: string, mean: number) => profile({ labels: { ...web, class: kind }, hours: hours(0, 10, mean) });
  const known = { workload_requests_per_second: [of('2xx', 9), of('5xx', 1)], 'workload_requests_per_second@1': [of('2xx', 5)] };
  const { trends } = asked<Trends>('observability.trends', {}, known);
  expect(trends.map((t) => [t.measure, t.weekBefore, t.thisWeek])).toEqual([
    ['requests', 5, 10],
    ['errors', null, 1],
  ]);
});

test('the traffic of a week: the busiest and the quietest hour, and whether its days are alike', () => {
  const day = (scale: number) => Array.from({ length: 24 }, (_, hour) => scale * (hour === 14 ? 50 : 10));
  const known = {
    workload_requests_per_second: [
      profile({
        hours: Array.from({ length: 48 }, (_, hour) => ({ hour, mean: hour % 24 === 14 ? 50 : 10, max: 60 })),
        days: [day(1), day(1.1)],
      }),
    ],
  };
  const told = asked<TrafficProfile>('observability.trafficProfile', web, known);
  expect(told).toMatchObject({ measure: 'requests', busiest: { hour: 14, mean: 50 }, quietest: { mean: 10 }, alike: 1 });
  expect(told.because).toContain('busiest Monday 14:00 UTC');
  expect(asked<TrafficProfile>('observability.trafficProfile', web, {})).toMatchObject({
    measure: null,
    hours: [],
    because: 'no metrics of Deployment/web are kept yet',
  });
});
