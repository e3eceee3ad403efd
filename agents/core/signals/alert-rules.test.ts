import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { Incident } from '../../contract/index.ts';
import { parse } from '../promql/parser.ts';
import { alertRulesOf } from './alert-rules.ts';

const incident = (code: string, resource: Partial<Incident['rootCause']['resource']> = {}, more: Partial<Incident> = {}): Incident => ({
  id: 'inc-1',
  context: 'one',
  title: 'Deployment web: requests take 2 s',
  severity: 'high',
  state: 'resolved',
  rootCause: {
    code,
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', ...resource },
    message: 'slow',
    confidence: 0.9,
  },
  symptoms: [],
  affects: [],
  evidence: [],
  ruledOut: [],
  firstSeen: '2026-03-01T12:00:00Z',
  lastSeen: '2026-03-01T12:10:00Z',
  ...more,
});
const measured = [
  { signal: 'workload_latency_seconds', usual: 0.1, worst: 2 },
  { signal: 'workload_requests_per_second', usual: 0, worst: 0.01 },
];

test('a slow service: a rule between what is usual and what it was, that our own parser reads and YAML can hold', () => {
  const { text, rules, fileName } = alertRulesOf(incident('OBS-010'), measured);
  expect(fileName).toBe('web-obs-010.rules.yaml');
  expect(rules.map((r) => r.alert)).toEqual(['WebSlow', 'WebFailing', 'WebUnavailable']);
  expect(rules[0]?.expr).toBe(
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="shop",pod=~"web-.+"}[5m]))) > 0.45',
  );
  const document = parseYaml(text) as { kind: string; spec: { groups: { rules: { expr: string; for: string }[] }[] } };
  expect(document.kind).toBe('PrometheusRule');
  for (const { expr } of document.spec.groups[0]?.rules ?? []) expect(() => parse(expr)).not.toThrow();
  expect(document.spec.groups[0]?.rules.map((r) => r.expr)).toEqual(rules.map((r) => r.expr));
});

test.each([
  ['OBS-001', 'Deployment', ['WebMemoryRunsOut', 'WebKilledForMemory', 'WebUnavailable']],
  ['OBS-002', 'PersistentVolumeClaim', ['WebFills']],
  ['OBS-004', 'ResourceQuota', ['WebUsedUp']],
  ['POD-004', 'StatefulSet', ['WebKilledForMemory', 'WebMemoryRunsOut']],
  ['POD-001', 'ConfigMap', []],
])('%s of a %s', (code, kind, alerts) => {
  expect(alertRulesOf(incident(code, { kind }), []).rules.map((r) => r.alert)).toEqual(alerts);
});

test('what a cluster calls things ends neither a string nor a comment', () => {
  const odd = incident('OBS-010', { name: 'we"b}.x' }, { title: 'a\nkind: Secret' });
  const { text } = alertRulesOf(odd, measured);
  const document = parseYaml(text) as { kind: string };
  expect(document.kind).toBe('PrometheusRule');
});

test('what people noticed is watched, whatever was behind it', () => {
  const symptom = { code: 'OBS-010', resource: incident('x').rootCause.resource, message: 'slow' };
  expect(alertRulesOf(incident('NET-001', { kind: 'Service' }, { symptoms: [symptom] }), measured).rules.map((r) => r.alert)).toContain(
    'WebSlow',
  );
});
