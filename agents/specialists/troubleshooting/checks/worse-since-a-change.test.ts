import { expect, test } from 'vitest';
import type { Announcement, Change, Fact, Probe } from '../../../contract/index.ts';
import { NOW, configMap, examine, workload } from '../../testing/cluster.ts';
import { takeTheChangeBack } from '../remedies/take-the-change-back.ts';
import { worseSinceAChange } from './worse-since-a-change.ts';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();
const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'uid-web' };
const slow: Announcement = {
  type: 'performance.degraded',
  agent: 'observability',
  context: 'test',
  fingerprint: 'OBS-010|Deployment/shop/web|',
  code: 'OBS-010',
  resource: web,
  severity: 'high',
  message: 'Deployment web: requests take 2 s, 80 ms to 130 ms was expected',
  since: at(-8),
  score: 0.9,
  expected: '80 ms to 130 ms',
  silentWhen: 'four readings in a row below 130 ms',
};
const change = (resource: Change['resource'], path: string, minutes: number): Change => ({
  id: `c-${path}`,
  context: 'test',
  at: at(minutes),
  seenAt: at(minutes),
  resource,
  type: 'changed',
  by: { manager: 'kubectl-edit' },
  fields: [{ path, from: 'a', to: 'b', words: `${path} a → b` }],
  beforeKnown: true,
  summary: `${resource.kind} ${resource.name}: ${path} a → b, by kubectl-edit`,
  count: 1,
});
const objects = [
  ...workload({
    name: 'web',
    spec: { containers: [{ name: 'app', image: 'web:2', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
    earlier: [{ containers: [{ name: 'app', image: 'web:1' }] }],
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }),
  configMap('settings', { pool: '10' }),
];
const answering =
  (changes: readonly Change[], announcements: readonly Announcement[] = [slow]) =>
  (probe: Probe): Fact => {
    if (probe.type === 'announcements') return { ok: true, value: { announcements: [...announcements] } };
    if (probe.type === 'changes') return { ok: true, value: { changes: changes.filter((c) => c.resource.name === probe.resource.name) } };
    return { ok: false, failure: { code: 'not-found', message: 'nothing' } };
  };
const run = (changes: readonly Change[], announcements?: readonly Announcement[]) =>
  examine([worseSinceAChange], [takeTheChangeBack], objects, answering(changes, announcements));
const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };

test('the rollout before it is named with who did it, and the revision before is proposed', () => {
  const report = run([change(web, 'spec.template.spec.containers[app].image', -9)]);
  expect(report.findings).toMatchObject([
    { code: 'CHG-001', severity: 'high', subject: { name: 'web' }, params: { changed: true, heard: 'OBS-010', earlier: 1 } },
  ]);
  expect(report.findings[0]?.message).toContain('was changed by kubectl-edit');
  expect(report.findings[0]?.message).toContain('since then: Deployment web: requests take 2 s');
  expect(report.findings[0]?.affects.map((r) => r.kind)).toEqual(['Deployment', 'Pod']);
  expect(report.drafts.map((d) => d.draft.actions)).toEqual([[expect.objectContaining({ type: 'undo-rollout', revision: 1 })]]);
});

test('a change that made it slower and brought an error is blamed once', () => {
  const error: Announcement = {
    ...slow,
    type: 'logs.patternAppeared',
    code: 'OBS-020',
    message: 'Deployment web logs an error that it did not log before',
  };
  const changes = [change(web, 'spec.template.spec.containers[app].image', -9)];
  expect(run(changes, [error, slow]).findings.map((f) => f.params['heard'])).toEqual(['OBS-010']);
  expect(run(changes, [error]).findings.map((f) => f.params['heard'])).toEqual(['OBS-020']);
});

test('a ConfigMap that was changed last is what a person takes back', () => {
  const report = run([change(web, 'spec.template.spec.containers[app].image', -25), change(settings, 'data[pool]', -9)]);
  expect(report.findings.map((f) => f.subject.name)).toEqual(['settings']);
  expect(report.drafts).toEqual([]);
  expect(report.advice[0]?.text).toContain('ConfigMap settings');
});

test('what was changed long before, or after, or only in number, is not blamed; without an announcement nothing is asked', () => {
  expect(run([change(web, 'spec.template.spec.containers[app].image', -60)]).findings).toEqual([]);
  expect(run([change(web, 'spec.template.spec.containers[app].image', -5)]).findings).toEqual([]);
  expect(run([change(web, 'spec.replicas', -9)]).findings).toEqual([]);
  expect(run([change(web, 'spec.template.spec.containers[app].image', -9)], []).asked.map((p) => p.type)).toEqual(['announcements']);
});

test('what it calls is asked about as well: the workload behind the Service that its environment names', () => {
  const db = { ...web, name: 'db', uid: 'uid-db' };
  const calling = [
    ...workload({
      name: 'web',
      spec: { containers: [{ name: 'app', image: 'web:2', env: [{ name: 'DB_HOST', value: 'db' }] }] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    }),
    ...['db', 'other'].flatMap((name) =>
      workload({ name, spec: { containers: [{ name, image: `${name}:2` }] }, status: { phase: 'Running', conditions: [] } }),
    ),
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'shop' }, spec: { selector: { app: 'db' } } },
  ];
  const changes = [db, { ...web, name: 'other' }].map((ref) => change(ref, 'spec.template.spec.containers[app].image', -9));
  const report = examine([worseSinceAChange], [takeTheChangeBack], calling, answering(changes));
  expect(report.findings.map((f) => [f.subject.name, f.confidence])).toEqual([['db', 0.75]]);
  expect(report.asked.flatMap((p) => (p.type === 'changes' ? [p.resource.name] : []))).toEqual(['web', 'db']);
});
