import { expect, test } from 'vitest';
import type { Change, Fact, Probe } from '../../contract/index.ts';
import { askProbe } from './ask-probe.ts';

const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const admitted: Fact = { ok: true, value: { verdict: 'admitted', message: '' } };

const change: Change = {
  ...{ id: 'c', context: 'prod', at: '2026-01-05T08:00:00.000Z', seenAt: '2026-01-05T08:00:00.000Z', resource, type: 'changed', by: null },
  ...{ fields: [], beforeKnown: true, summary: 'replicas 2 → 0', count: 1 },
};

const NO_METRICS = {
  profiles: () => Promise.resolve({ ok: true as const, value: { series: [], truncated: false } }),
  signals: () => Promise.resolve({ unusual: [], runningOut: [], watched: 0, learning: 0, leftOut: 0, at: null }),
  query: () =>
    Promise.resolve({ ok: true as const, value: { type: 'vector' as const, series: [], text: null, warnings: [], truncated: false } }),
};

test('a context marked read-only is read, and its server is asked for no rehearsal', async () => {
  const asked: string[] = [];
  const ask = askProbe({
    kube: {
      flushChanges: () => Promise.resolve(),
      probe: (context, probe) => {
        asked.push(`${context} ${probe.type}`);
        return Promise.resolve(admitted);
      },
    },
    store: { changes: () => Promise.resolve([]) },
    searchKnowledge: () => Promise.resolve({ results: [], noGoodMatch: true }),
    past: { all: () => Promise.resolve([]) },
    metrics: NO_METRICS,
    logs: { news: () => Promise.resolve({ patterns: [] }) },
    announcements: { of: () => [] },
    marks: { isReadOnly: (context) => context === 'prod' },
  });
  const rehearsal: Probe = { type: 'podRefused', resource, revision: '1' };
  expect(await ask('prod', rehearsal)).toMatchObject({ ok: false, failure: { code: 'forbidden' } });
  expect(await ask('dev', rehearsal)).toEqual(admitted);
  await ask('prod', { type: 'objectEvents', resource, revision: '1' });
  expect(asked).toEqual(['dev podRefused', 'prod objectEvents']);
});

test('what is known beforehand is asked of no cluster; a cluster probe about none is refused', async () => {
  const ask = askProbe({
    kube: { probe: () => Promise.reject(new Error('no cluster is to be asked')), flushChanges: () => Promise.resolve() },
    store: { changes: () => Promise.resolve([]) },
    searchKnowledge: ({ text }) => Promise.resolve({ results: [], noGoodMatch: text === 'x' }),
    past: { all: () => Promise.resolve([]) },
    metrics: NO_METRICS,
    logs: { news: () => Promise.resolve({ patterns: [] }) },
    announcements: { of: () => [] },
    marks: { isReadOnly: () => false },
  });
  expect(await ask(null, { type: 'knowledge', text: 'x', top: 1 })).toEqual({ ok: true, value: { results: [], noGoodMatch: true } });
  expect(await ask(null, { type: 'changes', resource, revision: '1' })).toEqual({ ok: true, value: { changes: [] } });
  expect(await ask(null, { type: 'objectEvents', resource, revision: '1' })).toMatchObject({ failure: { code: 'context-unknown' } });
});

test('of changes that a cluster has still to tell it is waited for', async () => {
  const told: string[] = [];
  const ask = askProbe({
    kube: {
      probe: () => Promise.reject(new Error('no cluster is to be asked')),
      flushChanges: (context) => Promise.resolve(void told.push(context)),
    },
    store: { changes: () => Promise.resolve(told.length > 0 ? [change] : []) },
    searchKnowledge: () => Promise.resolve({ results: [], noGoodMatch: true }),
    past: { all: () => Promise.resolve([]) },
    metrics: NO_METRICS,
    logs: { news: () => Promise.resolve({ patterns: [] }) },
    announcements: { of: () => [] },
    marks: { isReadOnly: () => false },
  });
  expect(await ask('prod', { type: 'changes', resource, revision: '1' })).toEqual({ ok: true, value: { changes: [change] } });
  expect(told).toEqual(['prod']);
});
