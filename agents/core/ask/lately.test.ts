import { expect, test } from 'vitest';
import type { IncidentWithPlans, PastIncident } from '../../contract/index.ts';
import { NOW, ago, at } from '../samples.ts';
import { endedLately, latestAbout } from './lately.ts';

const HOUR = 3_600;
const time = (id: string, endedAgo: number, context = 'prod'): PastIncident => ({
  ...{ id, context, title: id, severity: 'high', code: 'CFG-001', resource: at('Deployment/web'), message: '', symptoms: [] },
  ...{ openedAt: ago(endedAgo + 60), resolvedAt: ago(endedAgo), opened: 1, resolved: 2, plans: [] },
});
const incident = (id: string, cause: string, affects: readonly string[] = [], state: 'open' | 'resolved' = 'resolved') =>
  ({
    id,
    state,
    severity: 'high',
    rootCause: { resource: at(cause) },
    symptoms: [],
    affects: affects.map(at),
  }) as unknown as IncidentWithPlans;

test('lately is within a day, in that context, each incident once with its last time, newest first', () => {
  const past = [
    time('old', 25 * HOUR),
    time('twice', 20 * HOUR),
    time('elsewhere', HOUR, 'test'),
    time('one', 3 * HOUR),
    time('twice', HOUR),
  ];
  expect(endedLately(past, 'prod', NOW).map((t) => [t.id, t.resolvedAt])).toEqual([
    ['twice', ago(HOUR)],
    ['one', ago(3 * HOUR)],
  ]);
});

test('it is about what was named: the object, what it affected, or its namespace; one that is there again is not over', () => {
  const times = endedLately([time('settings', 2 * HOUR), time('mail', 3 * HOUR), time('again', HOUR)], 'prod', NOW);
  const known = [
    incident('settings', 'ConfigMap/settings', ['Deployment/web']),
    incident('mail', 'Deployment/office/mail'),
    incident('again', 'Deployment/web', [], 'open'),
  ];
  const about = (asked: Parameters<typeof latestAbout>[2]) => latestAbout(times, known, asked)?.time.id;
  expect(about({ refs: [at('Deployment/web')], namespaces: [] })).toBe('settings');
  expect(about({ refs: [at('Deployment/other')], namespaces: ['shop'] })).toBeUndefined();
  expect(about({ namespaces: ['office'] })).toBe('mail');
});
