import { expect, test } from 'vitest';
import type { Envelope, HostEvent, Incident, Plan } from '../contract/index.ts';
import { Episodes } from './episodes.ts';

const incident = (title: string): Incident => ({
  id: 'inc-1',
  context: 'prod',
  title,
  severity: 'high',
  state: 'open',
  rootCause: {
    code: 'SVC-001',
    resource: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' },
    message: 'm',
    confidence: 1,
  },
  symptoms: [],
  affects: [],
  evidence: [],
  ruledOut: [],
  firstSeen: '2026-04-01T00:00:00.000Z',
  lastSeen: '2026-04-01T00:00:00.000Z',
});
const proposed = (id: string): HostEvent => ({
  type: 'plan.proposed',
  plan: { id, incidentId: 'inc-1', remedy: 'correct-selector', title: `plan ${id}` } as Plan,
});
const settled = (plan: string, state: Plan['state']): HostEvent => ({ type: 'plan.settled', context: 'prod', plan, state, because: 'b' });
const resolved: HostEvent = { type: 'incident.resolved', context: 'prod', incident: 'inc-1', because: 'gone' };

function told(events: readonly HostEvent[]) {
  const episodes = new Episodes();
  events.forEach((event, i) =>
    episodes.take({ v: 1, seq: i + 1, at: `2026-04-01T00:00:0${i}.000Z`, prev: '', hash: '', event } satisfies Envelope),
  );
  return episodes.over();
}

test('each time a fault was there is told by itself, with what was done in that time, also where that ended a moment later', () => {
  const over = told([
    { type: 'incident.opened', incident: incident('first') },
    proposed('plan-a'),
    { type: 'incident.updated', incident: incident('first, changed') },
    resolved,
    settled('plan-a', 'done'),
    { type: 'incident.opened', incident: incident('second') },
    proposed('plan-b'),
    settled('plan-b', 'rejected'),
    resolved,
  ]);
  expect(over.map((e) => [e.title, e.opened, e.resolved, e.plans.map((p) => [p.plan, p.state, p.settled])])).toEqual([
    ['first, changed', 1, 4, [['plan-a', 'done', 5]]],
    ['second', 6, 9, []],
  ]);
});

test('what is still there is not past; one whose beginning was removed from the log begins with the oldest word that is left', () => {
  expect(told([{ type: 'incident.opened', incident: incident('open') }])).toEqual([]);
  expect(told([{ type: 'incident.updated', incident: incident('late') }, resolved]).map((e) => e.opened)).toEqual([1]);
  expect(told([resolved])).toEqual([]);
});
