import { expect, test } from 'vitest';
import type { Probe } from '../../../contract/index.ts';
import { examine, workload } from '../../testing/cluster.ts';
import { answering, refused } from '../../testing/refused.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { answerRefusal } from '../remedies/answer-refusal.ts';
import { admissionDeniesPods } from './admission-denies-pods.ts';
import { classDoesNotExist } from './class-does-not-exist.ts';
import { podsRefused } from './pods-refused.ts';

type Raw = Record<string, unknown>;
const spec = { priorityClassName: 'urgnt', containers: [{ name: 'app', image: 'a' }] };
const look = (objects: readonly Raw[], answers: Parameters<typeof answering>[0] = {}) =>
  examine([admissionDeniesPods, classDoesNotExist, podsRefused], [answerRefusal], objects, answering(answers));
const codes = (report: ReturnType<typeof look>) => report.findings.map((f) => `${f.code} ${f.subject.kind} ${f.severity}`);
const LONG_AGO = '2026-03-01T11:30:00Z';

test('a policy that says no is quoted, and its words are the advice', () => {
  const text = 'pods "x" is forbidden: admission webhook "images.example.com" denied the request: image a has no digest';
  const report = look(refused({ name: 'web', spec }, text));
  expect(told(report)[0]).toContain('webhook images.example.com denies them: image a has no digest');
  expect(Object.values(advised(report))[0]).toContain('as webhook images.example.com demands');
  const policy = `pods "x" is forbidden: ValidatingAdmissionPolicy 'no-root' with binding 'b' denied request: runs as root`;
  expect(told(look(refused({ kind: 'StatefulSet', name: 'db', spec }, ''), { event: policy }))[0]).toContain(
    'ValidatingAdmissionPolicy no-root denies them: runs as root',
  );
});

test('a namespace that is being deleted lets no pod in, as it should', () => {
  const text = 'pods "db-" is forbidden: unable to create new content in namespace shop because it is being terminated';
  expect(look(refused({ name: 'web', spec: { containers: [{ name: 'app', image: 'a' }] } }, text)).findings).toEqual([]);
});

test('a class that does not exist, and the one that was meant', () => {
  const classes = [{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 9 }];
  const text = 'pods "x" is forbidden: no PriorityClass with name urgnt was found';
  const report = look([...classes, ...refused({ name: 'web', spec }, text)]);
  expect(planned(report)['ADM-005 Deployment/shop/web']?.[1]).toContain('replace /spec/template/spec/priorityClassName "urgent"');
  const runtime = 'pods "x" is forbidden: pod rejected: RuntimeClass "gvisor" not found';
  expect(told(look(refused({ name: 'web', spec }, runtime)))[0]).toContain('RuntimeClass gvisor does not exist; there are none');
});

test('whatever else the server says is quoted, of a CronJob by its Job', () => {
  const cron = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: 'shop', uid: 'uid-nightly' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec } } } },
  };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'nightly-1',
      namespace: 'shop',
      uid: 'uid-1',
      resourceVersion: '5',
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: 'uid-nightly', controller: true }],
    },
    spec: { template: { spec } },
    status: {},
  };
  const report = look([cron, job], { event: 'Error creating: Pod "x" is invalid: spec.x: Forbidden: not here' });
  expect(told(report)).toEqual([
    'ADM-006 CronJob/shop/nightly - affects nightly-1: 1 pod cannot be created: Error creating: Pod "x" is invalid: spec.x: Forbidden: not here',
  ]);
});

test('with no word of a refusal, and with an old one, the server is asked by a rehearsal', () => {
  const silent = refused({ kind: 'Job', name: 'load', spec }, '');
  const asked = look(silent, { rehearsal: 'pods "load-" is forbidden: something new' });
  expect(asked.findings[0]?.evidence.map((e) => [e.kind, e.source])).toEqual([['probe', 'podRefused']]);
  expect(codes(look(silent, { rehearsal: '' }))).toEqual([]);
  const old = refused({ name: 'web', spec }, 'pods "x" is forbidden: once', LONG_AGO);
  expect(codes(look(old, { rehearsal: '' }))).toEqual(['ADM-006 Deployment low']);
  expect(told(look(old, { rehearsal: 'pods "x" is forbidden: now' }))[0]).toContain('cannot be created: pods "x" is forbidden: now');
  const young = look(refused({ name: 'web', spec }, 'pods "x" is forbidden: once'), { rehearsal: '' });
  expect(young.asked.map((p) => p.type)).toEqual([]);
});

test('at most five rehearsals at once', () => {
  const many = Array.from({ length: 9 }, (_, i) => refused({ name: `web-${i}`, spec }, 'pods "x" is forbidden: once', LONG_AGO)).flat();
  expect(look(many).asked.filter((p) => p.type === 'podRefused')).toHaveLength(5);
});

/** Of a pod that nothing explains the last warning is asked for in any case. */
const isOfRefusals = (p: Probe) => !(p.type === 'objectEvents' && p.resource.kind === 'Pod');

test('nothing is asked and nothing said of what has its pods, ended, is suspended, or waits for an earlier pod', () => {
  const job = (more: Raw) => refused({ kind: 'Job', name: 'load', spec }, '').map((o) => ({ ...o, ...more }));
  const well = [
    ...workload({ name: 'web', spec, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
    ...workload({ kind: 'StatefulSet', name: 'db', spec }),
    ...job({ status: { conditions: [{ type: 'Complete', status: 'True' }], succeeded: 1 } }),
  ];
  expect(look(well, { rehearsal: 'no' }).asked.filter(isOfRefusals)).toEqual([]);
  expect(look(job({ spec: { suspend: true, template: { spec } } }), { rehearsal: 'no' }).asked).toEqual([]);
});

test('what the API server says is the advice, and nothing but patience where it would let the pod in', () => {
  const text =
    'Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1';
  const report = look(refused({ name: 'web', spec: { containers: [{ name: 'app', image: 'a' }] } }, text));
  expect(report.findings.map((f) => f.code)).toEqual(['ADM-006']);
  expect(Object.values(advised(report))[0]).toMatch(
    /^Change in the pod template of Deployment web what the API server names.*must be less than/,
  );
});

test('a claim that is refused is not let in because a pod would be', () => {
  const text =
    'create Pod db-0 in StatefulSet db failed error: Create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 5Gi';
  const objects = workload({ kind: 'StatefulSet', name: 'db', spec: { containers: [] } }).filter((o) => o['kind'] !== 'Pod');
  const report = examine([podsRefused], [answerRefusal], objects, answering({ event: text, rehearsal: '' }));
  expect(report.findings.map((f) => [f.code, f.severity])).toEqual([['ADM-006', 'high']]);
  expect(Object.values(advised(report))[0]).toContain('claim templates cannot be changed');
});
