import { expect, test } from 'vitest';
import type { Change, Outlook } from '../../agents/contract/index.ts';
import { amountOf, boundsOf, sumOf } from './amounts.ts';
import { columnsOf, spanAt } from './columns.ts';
import { incidentOf } from './alert-words.ts';
import { lastingWords, lengthWords, outlookGrounds, outlookTitle } from './forecast-words.ts';
import { marksOfChanges, marksWithin } from './marks.ts';
import { panelsOf } from './panels.ts';
import { subjectOf } from './subject.ts';
import { TimeWindow } from './time-window.ts';
import { lineWords, valueAt } from './words.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIB = 2 ** 20;

test('what a pod may take is the sum of what its containers say; where one is silent nothing can be said of all', () => {
  expect([amountOf('250m'), amountOf('1Gi'), amountOf('1e3'), amountOf(2), amountOf('much')]).toEqual([0.25, 2 ** 30, 1_000, 2, undefined]);
  const container = (name: string, memory?: string) => ({
    name,
    resources: { limits: { cpu: '1', ...(memory === undefined ? {} : { memory }) } },
  });
  const bounds = boundsOf({ kind: 'Deployment', spec: { template: { spec: { containers: [container('a', '64Mi'), container('b')] } } } });
  expect([sumOf(bounds, 'cpuLimit'), sumOf(bounds, 'memoryLimit'), sumOf([], 'cpuLimit')]).toEqual([2, undefined, undefined]);
  expect(boundsOf({ spec: { containers: 'nonsense' } })).toEqual([]);
});

test('of a pod limits are foretold of what made it: of the Deployment behind its ReplicaSet, of a StatefulSet, of itself', () => {
  const place = { namespace: 'shop', name: 'web-1' };
  const of = (owners: readonly object[], labels: readonly (readonly [string, string])[] = []) => {
    const subject = subjectOf(place, { kind: 'Pod', owners, labels } as never, {});
    return subject?.of === 'pod' ? subject.workload : undefined;
  };
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7c9d' };
  expect(of([set], [['pod-template-hash', '7c9d']])).toBe('Deployment/web');
  expect(of([set], [['app', 'web']])).toBe('ReplicaSet/web-7c9d');
  expect(of([{ ...set, kind: 'StatefulSet', name: 'db' }])).toBe('StatefulSet/db');
  expect(of([{ apiVersion: 'v1', kind: 'Node', name: 'node-1' }])).toBe('Pod/web-1');
});

test('of two incidents on one signal the one that was seen last is named: the other has been taken into it', () => {
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const one = (id: string, lastSeen: string) => ({
    ...{ id, lastSeen, context: 'one' },
    evidence: [{ kind: 'metric', source: 'workload_cpu_cores', resource, text: '' }],
  });
  const all = [one('inc-symptom', '2026-01-05T12:00:00.000Z'), one('inc-cause', '2026-01-05T12:00:10.000Z')] as never;
  const of = (signal: string) => incidentOf(all, 'one', { signal, labels: { namespace: 'shop', workload: 'Deployment/web' } })?.id;
  expect(of('workload_cpu_cores')).toBe('inc-cause');
  expect(of('workload_memory_bytes_max')).toBeUndefined();
});

test('a ReplicaSet shows what is kept of its Deployment; a Service has no metrics', () => {
  const place = { kind: 'x', context: 'one', namespace: 'shop', name: 'web-1' };
  const facts = { owners: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }] };
  const subject = subjectOf(place, { kind: 'ReplicaSet', ...facts } as never, {});
  expect(subject).toMatchObject({ of: 'workload', workload: 'Deployment/web' });
  expect(subjectOf(place, { kind: 'Service', owners: [] } as never, {})).toBeUndefined();
  expect(panelsOf(subject!)[0]?.lines[0]?.selector).toBe('workload_memory_bytes_max{namespace="shop",workload="Deployment/web"}');
});

const line = (at: readonly number[], min: readonly number[], max = min, gaps: [number, number][] = []) => ({
  ...{ at: [...at], min: [...min], max: [...max], mean: [...max], gaps },
});

test('a span is an upright stroke from its least to its greatest; a hole ends a line, another line’s time does not', () => {
  const { at, values } = columnsOf([line([0, 60_000], [1, 2], [5, 2]), line([120_000], [7], [7], [[120_000, 240_000]])], 60_000);
  expect(at).toEqual([0, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000]);
  expect(values).toEqual([
    [1, 5, 2, 2, undefined, undefined, undefined],
    [undefined, undefined, undefined, undefined, 7, 7, null],
  ]);
});

test('the nearest span answers for a moment, and none where it is too far', () => {
  expect([spanAt(line([0, 100], [1, 2]), 60, 50), spanAt(line([0, 100], [1, 2]), 300, 50)]).toEqual([1, undefined]);
  const one = { ...line([0, 15_000], [MIB, 2 * MIB], [MIB, 3 * MIB]), words: 'x', limit: false };
  expect([valueAt(one, 0, 15_000, 'bytes'), valueAt(one, 15_000, 15_000, 'bytes')]).toEqual(['1 MiB', '2 MiB to 3 MiB']);
});

test('a line in words says what it is now, its range, its holes, and that it ended', () => {
  const told = { unit: 'bytes' as const, from: NOW - HOUR, to: NOW, now: NOW, locale: 'de-DE' };
  const named = (l: ReturnType<typeof line>) => ({ ...l, words: 'working set', limit: false });
  const clock = (t: number) => new Date(t).toLocaleTimeString('de-DE', { hour: '2-digit', minute: '2-digit' });
  expect(lineWords(named(line([NOW - 30 * MINUTE, NOW], [100 * MIB, 340 * MIB])), told)).toBe(
    'Working set: 340 MiB, 100 MiB to 340 MiB in this time.',
  );
  const [a, b] = [NOW - 50 * MINUTE, NOW - 40 * MINUTE];
  expect(lineWords(named(line([a, b], [MIB, MIB], [MIB, MIB], [[a, b]])), told)).toBe(
    `Working set: 1 MiB at ${clock(b)}, and nothing after it; nothing between ${clock(a)} and ${clock(b)}.`,
  );
  expect(lineWords(named(line([0], [1])), told)).toBe('Working set: nothing in this time.');
});

const outlook: Outlook = {
  signal: 'workload_memory_bytes_max',
  labels: { namespace: 'shop', workload: 'Deployment/web' },
  limitSignal: 'workload_memory_limit_bytes',
  limit: 512 * MIB,
  value: 256 * MIB,
  at: new Date(NOW).toISOString(),
  state: 'runsOut',
  exhaustsAt: new Date(NOW + 2 * HOUR).toISOString(),
  earliest: new Date(NOW + 100 * MINUTE).toISOString(),
  latest: new Date(NOW + 150 * MINUTE).toISOString(),
  since: new Date(NOW - HOUR).toISOString(),
  horizonSeconds: 7_200,
  confidence: 0.9,
  because: 'it rises by 128 MiB an hour, seen over 60 minutes',
  knownSince: new Date(NOW - 3 * HOUR).toISOString(),
};

test('a forecast says when and between which times, since which rollout, and on how much data it stands', () => {
  expect(outlookTitle(outlook, NOW)).toBe('Out of memory in about 2 h (1 h 40 min to 2 h 30 min)');
  const rollouts = [{ at: NOW - 65 * MINUTE, words: 'revision 7' }];
  const clock = new Date(NOW - 65 * MINUTE).toLocaleTimeString('de-DE', { hour: '2-digit', minute: '2-digit' });
  expect(outlookGrounds(outlook, rollouts, NOW, 'de-DE')).toEqual([
    '256 MiB of 512 MiB (50 %)',
    `since the rollout at ${clock} (revision 7)`,
    'it rises by 128 MiB an hour, seen over 60 minutes',
    'stands on 3 h of data',
    'sure to 90 %',
  ]);
  const unknown = { ...outlook, state: 'unknown' as const, since: null, because: 'not enough history: 20 more minutes' };
  expect(outlookTitle(unknown, NOW)).toBe('Whether it lasts cannot be said yet: memory');
  expect(outlookGrounds(unknown, [], NOW)).toContain('not enough history: 20 more minutes');
  expect([lengthWords(25 * MINUTE), lengthWords(51 * HOUR), lengthWords(0)]).toEqual(['25 min', '2 d 3 h', '1 min']);
});

test('a rollout is marked by its revision, and what is told twice is one mark', () => {
  const change = (more: object) =>
    ({ at: new Date(NOW).toISOString(), type: 'changed', fields: [], summary: 'web changed', ...more }) as unknown as Change;
  const template = [{ path: 'spec.template.spec.containers[web].image', words: 'image 1 → 2', from: null, to: null }];
  const marks = marksOfChanges([
    change({ revision: '7', fields: template }),
    change({ revision: '7', fields: template }),
    change({ fields: [{ path: 'spec.replicas', words: 'replicas 2 → 5' }], summary: 'scaled' }),
  ]);
  expect(marks.map((m) => m.words)).toEqual(['revision 7', 'revision 7', 'replicas 2 → 5']);
  expect(marksWithin(marks, NOW - 1, NOW + 1)).toHaveLength(2);
  expect(marksWithin(marks, NOW + 1, NOW + 2)).toEqual([]);
});

test('the time that is shown never goes beyond now, and follows again when it comes back there', () => {
  const window = new TimeWindow('1h', NOW);
  window.move(-HOUR, NOW);
  expect(window.shown).toMatchObject({ from: NOW - 2 * HOUR, to: NOW - HOUR, follows: false });
  window.tick(NOW + MINUTE);
  expect(window.shown.to).toBe(NOW - HOUR);
  window.move(5 * HOUR, NOW);
  expect(window.shown).toMatchObject({ to: NOW, follows: true });
  window.choose('6h', NOW + MINUTE);
  expect(window.shown).toMatchObject({ from: NOW + MINUTE - 6 * HOUR, to: NOW + MINUTE });
  window.close();
});

test('what lasts is told in one line, by the limit that is nearest', () => {
  const lasts = (signal: string, value: number, labels: Readonly<Record<string, string>> = {}): Outlook => ({
    ...{ signal, labels, limitSignal: 'x', limit: 100 * 2 ** 20, value: value * 2 ** 20, at: '2026-01-05T08:00:00Z', state: 'lasts' },
    ...{ exhaustsAt: null, earliest: null, latest: null, since: null, horizonSeconds: 0, confidence: 0.9, because: '', knownSince: null },
  });
  const memory = lasts('workload_memory_bytes_max', 4);
  expect(lastingWords([memory])).toBe('It lasts: Memory is at 4 % of 100 MiB');
  const scratch = lasts('volume_used_bytes', 9, { volume: 'scratch', persistentvolumeclaim: '' });
  expect(lastingWords([memory, scratch])).toBe('2 limits last; the nearest: Volume scratch is at 9 % of 100 MiB');
});
