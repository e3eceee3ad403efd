import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { answering, refused } from '../../testing/refused.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctServiceAccount } from '../remedies/correct-service-account.ts';
import { undoRollout } from '../remedies/undo-rollout.ts';
import { serviceAccountDoesNotExist } from './service-account-does-not-exist.ts';

const account = (name: string, namespace = 'shop') => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
const spec = (name: string) => ({ serviceAccountName: name, containers: [{ name: 'app', image: 'a' }] });
const text = (name: string) => `pods "x" is forbidden: error looking up service account shop/${name}: serviceaccount "${name}" not found`;
const look = (objects: Parameters<typeof examine>[2], event?: string) =>
  examine([serviceAccountDoesNotExist], [correctServiceAccount], objects, answering(event === undefined ? {} : { event }));

test('the account of a nearly equal name was meant', () => {
  const report = look([account('default'), account('runner'), ...refused({ name: 'web', spec: spec('runer') }, text('runer'))]);
  expect(told(report)).toEqual([
    'RBC-001 Deployment/shop/web spec.template.spec.serviceAccountName affects web-r1: ServiceAccount runer does not exist in namespace shop, so 1 pod cannot be created; was runner meant?',
  ]);
  expect(planned(report)['RBC-001 Deployment/shop/web']).toEqual([
    'Run as ServiceAccount runner instead of runer',
    'patch Deployment/shop/web test /spec/template/spec/serviceAccountName "runer"; replace /spec/template/spec/serviceAccountName "runner"',
  ]);
});

test('an account that a binding names already is created; one that nothing names is for a person', () => {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'runners', namespace: 'shop' },
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'batch', namespace: 'shop' }],
  };
  const job = refused({ kind: 'Job', name: 'load', spec: spec('batch') }, '');
  const bound = look([account('default'), binding, ...job], text('batch'));
  expect(bound.drafts.map((d) => d.draft.actions.map((a) => [a.type, a.target.name]))).toEqual([[['create', 'batch']]]);
  const alone = look([account('default'), ...job], text('batch'));
  expect(alone.drafts).toEqual([]);
  expect(Object.values(advised(alone))[0]).toContain('Create ServiceAccount batch in namespace shop');
});

test('a CronJob is judged by its fields, before its first Job fails', () => {
  const cron = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: 'shop', uid: 'u', creationTimestamp: '2026-03-01T11:00:00Z' },
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { spec: spec('night-runer') } } } },
  };
  const report = look([account('night-runner'), cron]);
  expect(told(report).map((t) => t.split(' affects')[0]?.split(': ')[0])).toEqual([
    'RBC-001 CronJob/shop/nightly spec.jobTemplate.spec.template.spec.serviceAccountName',
  ]);
  expect(told(look([account('night-runner'), { ...cron, spec: { ...cron.spec, suspend: true } }]))).toEqual([]);
});

test('pods that run on without their account are said less loudly', () => {
  const running = workload({
    name: 'web',
    spec: spec('gone'),
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const [finding] = look([account('default'), ...running]).findings;
  expect([finding?.severity, finding?.message.includes('no further pod')]).toEqual(['medium', true]);
});

test('an earlier revision with another account may be put back, and one that only has another image may not', () => {
  const told = (earlier: object) =>
    examine(
      [serviceAccountDoesNotExist],
      [undoRollout],
      [account('default'), ...refused({ name: 'web', spec: spec('gone'), earlier: [{ ...spec('gone'), ...earlier }] }, text('gone'))],
      answering({}),
    ).drafts.map((d) => d.draft.title);
  expect(told({ serviceAccountName: 'default' })).toEqual(['Put revision 1 of Deployment web back']);
  expect(told({ containers: [{ name: 'app', image: 'b' }] })).toEqual([]);
});

test('silent where the account exists, in its own namespace only', () => {
  const objects = workload({ name: 'web', spec: spec('runner') });
  expect(told(look([account('runner'), ...objects]))).toEqual([]);
  expect(told(look([account('runner', 'other'), ...objects]))).toHaveLength(1);
  const bare = workload({ kind: 'Pod', name: 'shell', spec: spec('gone'), status: { phase: 'Running' } });
  expect(told(look([account('default'), ...bare]))).toEqual([]);
});
