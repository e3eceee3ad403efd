import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Fact, probeKey } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { told } from '../../testing/told.ts';
import { podsNotPlaced } from './pods-not-placed.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [podsNotPlaced], remedies: [] };

function read(fixture: string, answer: Fact = { ok: false, failure: { code: 'not-found', message: 'nothing' } }) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  const facts = new Map<string, Fact>();
  const look = () => diagnose({ agent, store, facts, now: Date.parse('2026-03-01T12:01:00Z'), version: 1 });
  for (const wish of look().wishes) facts.set(probeKey(wish), answer);
  return look().report;
}

test('after a minute tells of a pod without room, in the scheduler’s words', () => {
  const report = read('room-on-its-way');
  expect(told(report, 'symptom')).toEqual([
    'SCH-010 Deployment/shop/next - affects next-5d8f-p0: 1 pod waits for a node; the scheduler says: 0/2 nodes are available: 2 node(s) did not match.',
  ]);
});

test('a pod whose claim is absent is another check’s matter; one whose claim stays unbound is told of', () => {
  expect(told(read('claims'), 'symptom').map((t) => t.split(' ')[1])).toEqual(['Deployment/shop/reports']);
});

test('a pod that a change of a moment ago has made room for is about to be placed', () => {
  const change = {
    id: 'c1',
    context: 'test',
    at: '2026-03-01T12:00:55.000Z',
    seenAt: '2026-03-01T12:00:55.000Z',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'reports' },
    type: 'changed' as const,
    by: null,
    fields: [],
    beforeKnown: true,
    summary: 'replicas 2 → 1',
    count: 1,
  };
  expect(told(read('claims', { ok: true, value: { changes: [change] } }), 'symptom')).toEqual([]);
});
