import { expect, test } from 'vitest';
import { container, ended, examine, logs, waiting, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { createHeadlessService } from '../remedies/create-headless-service.ts';
import { deleteOldPods } from '../remedies/delete-old-pods.ts';
import { daemonSetKeptOffNodes } from './daemon-set-kept-off-nodes.ts';
import { daemonSetMatchesNoNode } from './daemon-set-matches-no-node.ts';
import { headlessServiceMissing } from './headless-service-missing.ts';
import { rolloutPaused } from './rollout-paused.ts';
import { rolloutStuck } from './rollout-stuck.ts';
import { statefulSetKeepsOldPod } from './stateful-set-keeps-old-pod.ts';
import { statefulSetWaitsForPod } from './stateful-set-waits-for-pod.ts';

type Raw = Record<string, unknown>;
const CHECKS = [
  rolloutPaused,
  rolloutStuck,
  headlessServiceMissing,
  statefulSetWaitsForPod,
  statefulSetKeepsOldPod,
  daemonSetMatchesNoNode,
  daemonSetKeptOffNodes,
];
const REMEDIES = [correctValue, createHeadlessService, deleteOldPods];
const SPEC = { containers: [{ name: 'app', image: 'a:2', ports: [{ name: 'peer', containerPort: 7000 }] }] };
const READY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', { running: {} }, { ready: true })],
};
const look = (...objects: Raw[]) => examine(CHECKS, REMEDIES, objects);
/** Changes the object of that kind. */
const vary = (objects: Raw[], kind: string, change: (o: Raw) => Raw) =>
  objects.map((o) => (o['kind'] === kind ? { ...o, ...change(o) } : o));
const meta = (o: Raw, more: Raw) => ({ ...(o['metadata'] as Raw), ...more });
const spec = (o: Raw, more: Raw) => ({ ...(o['spec'] as Raw), ...more });

const deployment = (more: Raw, status: Raw, annotations: Raw = {}, pod: Raw = READY) =>
  vary(workload({ name: 'web', spec: SPEC, status: pod }), 'Deployment', (o) => ({
    metadata: meta(o, { annotations: { 'deployment.kubernetes.io/revision': '1', ...annotations } }),
    spec: spec(o, more),
    status: { observedGeneration: 1, ...status },
  }));

test('a paused rollout with a newer template is resumed; one with nothing to roll out, or with a reason, is somebody’s choice', () => {
  const since = {
    conditions: [{ type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', lastTransitionTime: '2026-03-01T11:00:00Z' }],
  };
  const report = look(...deployment({ paused: true }, { updatedReplicas: 0, ...since }));
  expect(told(report)).toEqual([
    'DEP-002 Deployment/shop/web spec.paused affects web-r1-x: its rollout is paused since 2026-03-01T11:00:00.000Z, so the changed template does not run: 1 pod of the one before serves on; resume it',
  ]);
  expect(Object.values(planned(report))[0]?.[1]).toBe('patch Deployment/shop/web test /spec/paused true; replace /spec/paused false');
  for (const quiet of [
    deployment({ paused: true }, { updatedReplicas: 1, ...since }),
    deployment({ paused: true, replicas: 0 }, { updatedReplicas: 0, ...since }),
    deployment({ paused: true }, { updatedReplicas: 0, ...since }, { 'shop.example/paused': 'until the migration is done' }),
    deployment({}, { updatedReplicas: 1 }),
  ])
    expect(look(...quiet).findings).toEqual([]);
});

test('a rollout that ran out of time says what took the old pods down', () => {
  const late = {
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'has timed out progressing' }],
  };
  const words = (strategy: Raw) =>
    told(look(...deployment({ strategy }, late, {}, { conditions: [{ type: 'Ready', status: 'False' }] })), 'symptom')[0];
  expect(words({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } })).toContain(
    'maxUnavailable 100% lets all of them be taken down at once',
  );
  expect(words({ type: 'Recreate' })).toContain('strategy Recreate');
  expect(words({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%' } })).not.toContain('at once');
});

const set = (more: Raw, status: Raw, labels: Raw, pod: Raw) => {
  const objects = workload({ kind: 'StatefulSet', name: 'db', spec: SPEC, status: pod });
  return vary(
    vary(objects, 'StatefulSet', (o) => ({ spec: spec(o, { serviceName: 'db', ...more }), status })),
    'Pod',
    (o) => ({ metadata: meta(o, { labels: { app: 'db', ...labels } }) }),
  );
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { clusterIP: 'None', selector: { app: 'db' } },
};
const STUCK = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: '2026-03-01T11:10:00Z' }],
};

test('a StatefulSet without its headless Service: it is made of what the StatefulSet says', () => {
  const report = look(...set({}, {}, {}, READY));
  expect(told(report)).toEqual([
    'STS-001 StatefulSet/shop/db spec.serviceName: Service db, which gives the pods of the StatefulSet their names, does not exist, so db-0.db does not resolve',
  ]);
  expect(Object.values(planned(report))[0]?.[1]).toBe(
    'create Service/shop/db {"clusterIP":"None","selector":{"app":"db"},"ports":[{"name":"peer","port":7000,"protocol":"TCP"}]}',
  );
  expect(look(...set({}, {}, {}, READY), service).findings).toEqual([]);
});

test('a governing Service with an address of its own is told of where a log misses the name of a pod', () => {
  const crashing = {
    phase: 'Running',
    containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount: 3, lastState: ended(1) })],
  };
  const addressed = { ...service, spec: { clusterIP: '10.96.0.9', selector: { app: 'db' } } };
  const says = (line: string, of: Raw = addressed) =>
    examine(CHECKS, REMEDIES, [...set({}, {}, {}, crashing), of], () => logs('joining', line));
  const report = says('dial tcp: lookup db-0.db.shop.svc.cluster.local on 10.96.0.10:53: no such host');
  expect(told(report)).toEqual([
    'STS-001 Service/shop/db spec.clusterIP affects db, db-0: Service db, which is to give the pods of StatefulSet db their names, is not headless (clusterIP 10.96.0.9), so db-0.db.shop.svc.cluster.local does not resolve; make it anew with clusterIP None',
  ]);
  expect(Object.values(advised(report))[0]).toContain('delete Service db and make it again with clusterIP: None');
  for (const line of ['lookup db-0.db.other.svc: no such host', 'lookup db-x.db: no such host', 'lookup mail: no such host'])
    expect(told(says(line))).toEqual([]);
  expect(told(says('lookup db-0.db: no such host', service))).toEqual([]);
});

test('the first pod keeps the others from being made; not with Parallel, and not while it starts', () => {
  const words = (more: Raw, pod: Raw = STUCK) => told(look(...set({ replicas: 3, ...more }, {}, {}, pod), service), 'symptom');
  expect(words({})).toEqual([
    'STS-002 StatefulSet/shop/db - affects db-0: pod db-0 is not ready, so the 2 pods after it are not made: the StatefulSet starts them one after the other (podManagementPolicy OrderedReady)',
  ]);
  expect(words({ podManagementPolicy: 'Parallel' })).toEqual([]);
  expect(words({ replicas: 1 })).toEqual([]);
  const young = vary(set({ replicas: 3 }, {}, {}, STUCK), 'Pod', (o) => ({
    metadata: meta(o, { creationTimestamp: '2026-03-01T11:59:50Z' }),
  }));
  expect(look(...young, service).findings).toEqual([]);
});

test('a broken pod of an earlier revision is deleted, so that the repaired template comes to be', () => {
  const status = { updateRevision: 'db-2', currentRevision: 'db-1' };
  const old = { 'controller-revision-hash': 'db-1' };
  const report = look(...set({}, status, old, STUCK), service);
  expect(told(report)[0]).toContain(
    'STS-003 StatefulSet/shop/db status.updateRevision affects db-0: db-0 is not ready and of an earlier revision than db-2',
  );
  expect(Object.values(planned(report))[0]?.[1]).toBe('delete Pod/shop/db-0');
  for (const quiet of [
    set({}, status, { 'controller-revision-hash': 'db-2' }, STUCK),
    set({}, status, old, READY),
    set({ podManagementPolicy: 'Parallel' }, status, old, STUCK),
    set({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }, status, old, READY),
  ])
    expect(look(...quiet, service).findings).toEqual([]);
});

test('a broken pod of an earlier revision that the strategy keeps: deleted with OnDelete, not below a partition, where it comes back as it was', () => {
  const status = { updateRevision: 'db-2', currentRevision: 'db-1' };
  const old = { 'controller-revision-hash': 'db-1' };
  const byHand = look(...set({ updateStrategy: { type: 'OnDelete' } }, status, old, STUCK), service);
  expect(told(byHand)[0]).toContain(
    'STS-003 StatefulSet/shop/db spec.updateStrategy.type affects db-0: db-0 is not ready and of an earlier revision than db-2; updateStrategy OnDelete',
  );
  expect(Object.values(planned(byHand))[0]?.[1]).toBe('delete Pod/shop/db-0');
  const below = look(...set({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }, status, old, STUCK), service);
  expect(told(below)[0]).toContain('partition 1 keeps it from the changed template');
  expect(planned(below)).toEqual({});
  expect(Object.values(advised(below))[0]).toContain('Lower spec.updateStrategy.rollingUpdate.partition');
});

test('one that the strategy keeps and that crashes again and again is told of at once, one that only is not ready after five', () => {
  const since = (restartCount: number, exitCode = 1) => ({
    phase: 'Running',
    // It was ready for a moment when it was started the last time.
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:59:50Z' }],
    containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount, lastState: ended(exitCode) })],
  });
  const kept = (status: Raw) =>
    told(
      look(
        ...set(
          { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
          { updateRevision: 'db-2', currentRevision: 'db-1' },
          { 'controller-revision-hash': 'db-1' },
          status,
        ),
        service,
      ),
    ).map((t) => t.slice(0, 7));
  expect(kept(since(2))).toEqual(['STS-003']);
  expect(kept(since(0))).toEqual([]);
  expect(kept(since(2, 0))).toEqual([]);
});

test('a DaemonSet with OnDelete keeps the broken pod of another image; where the images say nothing, nor does this', () => {
  const of = (image: string, status: Raw, strategy = 'OnDelete') =>
    vary(
      vary(workload({ kind: 'DaemonSet', name: 'agent', spec: SPEC, status: STUCK }), 'DaemonSet', (o) => ({
        spec: spec(o, { updateStrategy: { type: strategy } }),
        status,
      })),
      'Pod',
      (o) => ({ spec: spec(o, { containers: [{ name: 'app', image }] }) }),
    );
  const behind = { desiredNumberScheduled: 1, updatedNumberScheduled: 0 };
  expect(told(look(...of('a:1', behind)))[0]).toContain(
    'STS-003 DaemonSet/shop/agent spec.updateStrategy.type affects agent-0: agent-0 is not ready and of an earlier revision than the template in force',
  );
  for (const quiet of [of('a:2', behind), of('a:1', { ...behind, updatedNumberScheduled: 1 }), of('a:1', behind, 'RollingUpdate')])
    expect(told(look(...quiet)).filter((t) => t.startsWith('STS-003'))).toEqual([]);
});

test('a rollout whose pods are all ready and not yet counted is held by minReadySeconds', () => {
  const late = (more: Raw = {}) => ({
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'has timed out progressing' }],
    ...more,
  });
  const patient = { minReadySeconds: 3500, progressDeadlineSeconds: 3501 };
  expect(told(look(...deployment(patient, late())))[0]).toContain(
    'DEP-001 Deployment/shop/web spec.minReadySeconds affects web-r1-x: the rollout of revision 1 ran out of time though its pods are ready: a pod counts as available only after 3500 s of being ready (minReadySeconds), and all is to be done in 3501 s',
  );
  expect(told(look(...deployment(patient, late(), {}, STUCK)), 'symptom')[0]).toContain('1 new pod not ready');
  expect(told(look(...deployment({ ...patient, replicas: 2 }, late())), 'symptom')[0]).toContain('1 new pod not made');
});

const daemons = (pod: Raw, scheduled: number) =>
  vary(workload({ kind: 'DaemonSet', name: 'agent', spec: { ...SPEC, ...pod } }), 'DaemonSet', () => ({
    status: { desiredNumberScheduled: scheduled },
  })).filter((o) => o['kind'] !== 'Pod');
const node = (name: string, labels: Raw = {}, taints: Raw[] = []): Raw => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { disk: 'ssd', ...labels } },
  spec: { taints },
});
const GPU = { key: 'pool', value: 'gpu', effect: 'NoSchedule' };
const PLANE = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

test('a DaemonSet whose selector no node matches, with the label that was meant', () => {
  const report = look(...daemons({ nodeSelector: { disk: 'sdd' } }, 0), node('n1'));
  expect(told(report)[0]).toContain(
    'DST-001 DaemonSet/shop/agent spec.template.spec.nodeSelector.disk: the only node does not have the label disk=sdd, so the DaemonSet runs nowhere; was ssd meant?',
  );
  expect(Object.values(planned(report))[0]?.[1]).toContain('replace /spec/template/spec/nodeSelector/disk "ssd"');
  expect(look(...daemons({ nodeSelector: { disk: 'ssd' } }, 1), node('n1')).findings).toEqual([]);
  expect(look(...daemons({ nodeSelector: { 'has-gpu': 'true' } }, 0), node('n1')).findings).toEqual([]);
});

test('a taint or an affinity that leaves no node is a fault; a taint that leaves some out is a remark', () => {
  const [all] = look(...daemons({}, 0), node('n1', {}, [GPU]), node('n2', {}, [PLANE])).findings;
  expect(all).toMatchObject({ code: 'DST-002', severity: 'medium', field: 'spec.template.spec.tolerations' });
  expect(all?.message).toBe(
    'the DaemonSet does not run on n1 and n2: it does not tolerate pool=gpu:NoSchedule and node-role.kubernetes.io/control-plane:NoSchedule, so it runs nowhere',
  );
  const some = look(...daemons({}, 1), node('n1'), node('n2', {}, [GPU]), node('n3', {}, [PLANE])).findings;
  expect(some.map((f) => [f.severity, f.message])).toEqual([
    ['info', 'the DaemonSet does not run on n2: it does not tolerate pool=gpu:NoSchedule'],
  ]);
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['tape'] }] }],
    },
  };
  expect(told(look(...daemons({ affinity: { nodeAffinity } }, 0), node('n1')))[0]).toContain(
    'the node affinity of the DaemonSet matches none of n1',
  );
  expect(look(...daemons({ tolerations: [{ operator: 'Exists' }] }, 2), node('n1'), node('n2', {}, [GPU])).findings).toEqual([]);
});
