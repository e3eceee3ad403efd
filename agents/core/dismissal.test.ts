import { expect, test } from 'vitest';
import type { Dismissal, Incident } from '../contract/index.ts';
import { applyDismissals, changeOf, covers, judgeDismissal, looksOf } from './dismissal.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const deployment = (name: string, namespace = 'shop') => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });

const incident = (more: Partial<Incident> & { name?: string; code?: string; confidence?: number; message?: string } = {}): Incident => {
  const { name = 'web', code = 'CFG-001', confidence = 0.9, message = '2 pods cannot start: ConfigMap a is missing', ...rest } = more;
  return {
    id: `inc-${name}-${code}`,
    context: 'prod',
    title: 'web',
    severity: 'medium',
    state: 'open',
    rootCause: { code, resource: deployment(name), message, confidence },
    symptoms: [{ code: 'SVC-010', resource: pod('web-1'), message: '' }],
    affects: [pod('web-1'), deployment('caller')],
    evidence: [],
    ruledOut: [],
    firstSeen: new Date(NOW).toISOString(),
    lastSeen: new Date(NOW).toISOString(),
    ...rest,
  };
};
const accepted = (more: Partial<Dismissal> = {}): Dismissal => {
  const first = incident();
  return {
    id: 'dis-1',
    context: 'prod',
    scope: 'incident',
    incident: first.id,
    title: first.title,
    code: first.rootCause.code,
    resource: first.rootCause.resource,
    reason: 'known',
    by: 'kim',
    at: new Date(NOW).toISOString(),
    until: null,
    seen: { [first.id]: looksOf(first) },
    ...more,
  };
};

test('what is accepted stays silent while only counts, times and pods differ', () => {
  const later = incident({
    message: '7 pods cannot start: ConfigMap a is missing',
    affects: [pod('web-8'), deployment('caller')],
    symptoms: [{ code: 'SVC-010', resource: pod('web-8'), message: '' }],
  });
  expect(judgeDismissal(accepted(), later, NOW)).toEqual({ type: 'silent' });
  expect(judgeDismissal(accepted(), incident({ severity: 'low', symptoms: [] }), NOW)).toEqual({ type: 'silent' });
});

test.each<[string, Incident]>([
  ['its severity is high now, it was medium', incident({ severity: 'high' })],
  ['its cause is another one now', incident({ message: '2 pods cannot start: ConfigMap b is missing' })],
  ['it has a new symptom: ING-001 Pod', incident({ symptoms: [{ code: 'ING-001', resource: pod('x'), message: '' }] })],
  ['it affects Deployment shop/other now', incident({ affects: [deployment('other')] })],
])('it comes back: %s', (because, now) => {
  expect(judgeDismissal(accepted(), now, NOW)).toEqual({ type: 'returned', because });
});

test('a message that quotes a log is no news when the log says something else', () => {
  const before = looksOf(incident({ confidence: 0.5, message: 'ends with: boom' }));
  expect(changeOf(before, looksOf(incident({ confidence: 0.5, message: 'ends with: bang' })))).toBeUndefined();
});

test('its end brings it back, to the millisecond', () => {
  const dismissal = accepted({ until: new Date(NOW).toISOString() });
  expect(judgeDismissal(dismissal, incident(), NOW - 1)).toEqual({ type: 'silent' });
  expect(judgeDismissal(dismissal, incident(), NOW)).toEqual({ type: 'returned', because: 'the time it was accepted for is over' });
});

test('scopes: the cause, the object, the code in its namespace; never another context', () => {
  const other = incident({ name: 'api' });
  const elsewhere = { ...other, rootCause: { ...other.rootCause, resource: deployment('web', 'pay') } };
  const otherCode = incident({ code: 'PRB-001' });
  const reach = (scope: Dismissal['scope']) =>
    [incident(), otherCode, other, elsewhere, { ...incident(), context: 'dev' }].map((i) => covers(accepted({ scope }), i));
  expect(reach('incident')).toEqual([true, false, false, false, false]);
  expect(reach('object')).toEqual([true, true, false, false, false]);
  expect(reach('code')).toEqual([true, false, true, false, false]);
});

test('one that is seen for the first time is remembered; one that came back is heard', () => {
  const wide = accepted({ scope: 'code', seen: {} });
  expect(judgeDismissal(wide, incident(), NOW)).toEqual({ type: 'first', looks: looksOf(incident()) });
  expect(judgeDismissal(accepted({ scope: 'code', seen: { [incident().id]: null } }), incident(), NOW)).toEqual({ type: 'heard' });
});

test('applied: what is accepted says by whom; what changed comes back once, and the others it covered stay accepted', () => {
  const [web, api] = [incident(), incident({ name: 'api' })];
  const wide = accepted({ scope: 'code', seen: {} });
  const first = applyDismissals([wide], [web, api, incident({ code: 'PRB-001' })], NOW);
  expect(first.incidents.map((i) => i.dismissed?.by)).toEqual(['kim', 'kim', undefined]);
  expect(first.changed.map((d) => Object.keys(d.seen))).toEqual([[web.id, api.id]]);
  const second = applyDismissals(first.changed, [{ ...web, severity: 'critical' }, api], NOW);
  expect(second.incidents.map((i) => i.dismissed?.by)).toEqual([undefined, 'kim']);
  expect(second.ended).toMatchObject([{ incident: web.id, because: 'its severity is critical now, it was medium' }]);
  const third = applyDismissals(second.changed, [{ ...web, severity: 'critical' }, api], NOW);
  expect([third.ended, third.changed]).toEqual([[], []]);
});

test('applied: one that was said of a single incident is over when that changes or its time comes', () => {
  const worse = { ...incident(), severity: 'critical' as const };
  expect(applyDismissals([accepted()], [worse], NOW)).toMatchObject({
    incidents: [worse],
    changed: [],
    ended: [{ because: 'its severity is critical now, it was medium' }],
  });
  const timed = accepted({ until: new Date(NOW).toISOString() });
  expect(applyDismissals([timed], [], NOW).ended).toMatchObject([{ because: 'the time it was accepted for is over' }]);
});
