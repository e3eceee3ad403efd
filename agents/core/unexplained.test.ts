import { expect, test } from 'vitest';
import { NOW, ago, deployed, finding, sample, storeOf } from './samples.ts';
import { unexplained, unexplainedByAny } from './unexplained.ts';
import { refOf } from '../contract/index.ts';

const of = (store: ReturnType<typeof storeOf>, ...findings: ReturnType<typeof finding>[]) =>
  unexplained(store.view(), findings, NOW).map((u) => `${u.resource.kind} ${u.resource.name}: ${u.message}`);
const spec = { containers: [{ name: 'main' }] };
const notReady = (seconds: number) => ({ conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: ago(seconds) }] });
const unready = (more: object = {}) => deployed('web', { ready: false, ...more });
const LINE = 'Deployment web: 1 of 1 pods are not ready, and no check knows why';

test('pods that are not ready for long, and that nothing speaks of', () => {
  expect(of(storeOf(unready(), deployed('well')))).toEqual([LINE]);
});

test('a moment is no fault', () => {
  expect(of(storeOf(unready({ status: notReady(30) })))).toEqual([]);
  expect(of(storeOf(unready({ status: notReady(61) })))).toEqual([LINE]);
});

test('a pod that crashes between short runs is not well, though it was ready a moment ago', () => {
  const status = { ...notReady(5), containerStatuses: [{ name: 'main', state: { waiting: { reason: 'CrashLoopBackOff' } } }] };
  expect(of(storeOf(unready({ status })))).toEqual([LINE]);
});

test('a start that takes no longer than its startup probe allows is no fault; the next one is', () => {
  const slow = (failureThreshold: number, restartCount = 0) =>
    unready({
      spec: { containers: [{ name: 'main', startupProbe: { failureThreshold, periodSeconds: 10 } }] },
      status: {
        ...notReady(200),
        containerStatuses: [{ name: 'main', started: false, restartCount, state: { running: { startedAt: ago(200) } } }],
      },
    });
  expect(of(storeOf(slow(30)))).toEqual([]);
  expect(of(storeOf(slow(12)))).toEqual([LINE]);
  expect(of(storeOf(slow(30, 1)))).toEqual([LINE]);
});

test('a finding about the workload or one of its pods explains it; a remark does not', () => {
  expect(of(storeOf(unready()), finding('POD-001', 'Deployment/web'))).toEqual([]);
  expect(
    of(
      storeOf(unready()),
      finding('POD-001', 'ConfigMap/x', { affects: [{ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1-0' }] }),
    ),
  ).toEqual([]);
  expect(of(storeOf(unready()), finding('POD-001', 'Deployment/web', { severity: 'info' }))).toEqual([LINE]);
});

test('a Deployment that gets no pods at all', () => {
  const [deployment] = deployed('web', { replicas: 0 });
  const starved = (seconds: number) =>
    sample('Deployment', 'web', {
      spec: { ...deployment?.spec, replicas: 2 },
      status: { conditions: [{ type: 'ReplicaFailure', status: 'True', lastTransitionTime: ago(seconds) }] },
    });
  expect(of(storeOf(starved(300)))).toEqual(['Deployment web: 0 of 2 pods exist, and no check knows why']);
  expect(of(storeOf(starved(10)))).toEqual([]);
});

test('what has finished, is going, was evicted or is scaled to zero is silent', () => {
  const owner = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'import', uid: 'Job-import', controller: true }];
  const job = sample('Job', 'import', { spec: { template: { spec } }, status: { succeeded: 1 } });
  const done = sample('Pod', 'import-1', { metadata: { ownerReferences: owner }, spec, status: { phase: 'Succeeded', ...notReady(999) } });
  const tried = sample('Pod', 'import-0', { metadata: { ownerReferences: owner }, spec, status: { phase: 'Failed', ...notReady(999) } });
  const going = sample('Pod', 'going', { metadata: { deletionTimestamp: ago(5) }, spec, status: { phase: 'Running', ...notReady(999) } });
  const rsOwner = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'well-1', uid: 'ReplicaSet-well-1', controller: true }];
  const evicted = sample('Pod', 'well-1-x', {
    metadata: { ownerReferences: rsOwner },
    spec,
    status: { phase: 'Failed', reason: 'Evicted' },
  });
  const restarted = { containerStatuses: [{ name: 'main', ready: true, restartCount: 9, state: { running: {} } }] };
  const store = storeOf(
    job,
    done,
    tried,
    going,
    deployed('well', { status: { ...restarted, conditions: [{ type: 'Ready', status: 'True' }] } }),
    evicted,
  );
  expect(of(storeOf(deployed('zero', { replicas: 0 })))).toEqual([]);
  expect(of(store)).toEqual([]);
});

test('objects from files, which have no status, are not called unwell', () => {
  expect(of(storeOf(sample('Pod', 'p', { metadata: { creationTimestamp: undefined }, spec })))).toEqual([]);
});

test('what one agent explains another need not: only what none of them speaks of is unexplained', () => {
  const store = storeOf(unready());
  const [pod] = store.view().list('Pod');
  const [web] = store.view().list('Deployment');
  if (pod === undefined || web === undefined) throw new Error('no workload');
  const blind = { findings: [], relations: [], unexplained: unexplained(store.view(), [], NOW) };
  const about = finding('POD-001', 'ConfigMap/settings');
  const seeing = {
    findings: [{ ...about, affects: [refOf(pod)] }],
    relations: [{ from: refOf(pod), type: 'ownedBy' as const, to: refOf(web) }],
    unexplained: [],
  };
  expect(unexplainedByAny([blind, { ...seeing, findings: [] }, blind]).map((u) => u.resource.name)).toEqual(['web']);
  expect(unexplainedByAny([blind, seeing])).toEqual([]);
});
