import { expect, test } from 'vitest';
import type { Fact } from '../../../contract/index.ts';
import { container, examine, running, workload } from '../../testing/cluster.ts';
import { node, pod } from '../../testing/places.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { autoscalerSeesNoMetrics } from './autoscaler-sees-no-metrics.ts';
import { claimNotMadeLarger } from './claim-not-made-larger.ts';
import { deviceClaimNotMade } from './device-claim-not-made.ts';
import { disruptionBudgetsOverlap } from './disruption-budgets-overlap.ts';
import { nodeReportsAProblem } from './node-reports-a-problem.ts';
import { podNotResized } from './pod-not-resized.ts';
import { schedulerDoesNotAnswer } from './scheduler-does-not-answer.ts';

/** What agents on machines, storage, the kubelet and autoscalers say of themselves, in conditions and events. */

type Raw = Record<string, unknown>;
const AGO = '2026-03-01T11:00:00Z';
const CHECKS = [
  autoscalerSeesNoMetrics,
  claimNotMadeLarger,
  deviceClaimNotMade,
  disruptionBudgetsOverlap,
  nodeReportsAProblem,
  podNotResized,
  schedulerDoesNotAnswer,
];
const warned = (reason: string, message: string): Fact => ({
  ok: true,
  value: { events: [{ type: 'Warning', reason, message, count: 4 }] },
});
const look = (objects: readonly Raw[], fact: Fact = { ok: true, value: { events: [] } }) =>
  examine(CHECKS, [correctValue], objects, () => fact);
const says = (type: string, status: string, reason: string, message: string, lastTransitionTime = AGO): Raw => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime,
});
const machine = (...conditions: Raw[]): Raw => {
  const made = node('node-1');
  return { ...made, status: { ...(made['status'] as Raw), conditions } };
};

test.each([
  says('KernelDeadlock', 'True', 'DockerHung', 'task docker:20744 blocked for more than 120 seconds'),
  says('FilesystemCorruptionProblem', 'True', 'Ext4Error', 'EXT4-fs error on nvme1n1p1'),
  says('StorageReady', 'False', 'XFSSmallAverageClusterSize', 'the average cluster size is small'),
  says('FrequentContainerdRestart', 'True', 'FrequentContainerdRestart', 'Found 6 restarts'),
])('an agent on the node says $type=$status', (condition) => {
  const ill = workload({ name: 'a', spec: { containers: [{ name: 'c', image: 'i' }] } });
  const report = look([machine(says('Ready', 'True', 'KubeletReady', ''), condition), ...ill]);
  expect(report.findings.map((f) => [f.code, f.subject.name, f.affects.map((r) => r.name)])).toEqual([['NOD-007', 'node-1', ['a-r1-x']]]);
  expect(report.findings[0]?.message).toContain(String(condition['message']));
  expect(Object.values(advised(report))[0]).toContain('node node-1');
});

test('what is well, what another check tells of and what is planned work is no problem of the machine', () => {
  for (const condition of [
    says('KernelDeadlock', 'False', 'KernelHasNoDeadlock', ''),
    says('NetworkingReady', 'True', 'NetworkingIsReady', ''),
    says('DiskPressure', 'True', 'KubeletHasDiskPressure', ''),
    says('Ready', 'False', 'KubeletNotReady', ''),
    says('VMEventScheduled', 'True', 'Reboot', 'at 12:00'),
    says('EtcdIsVoter', 'True', '', ''),
    says('ReadonlyFilesystem', 'Unknown', '', ''),
  ])
    expect(look([machine(condition)]).findings).toEqual([]);
});

const claim = (wanted: string, has: string, ...conditions: Raw[]): Raw => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'store', namespace: 'shop', uid: 'u', creationTimestamp: AGO },
  spec: { accessModes: ['ReadWriteOnce'], volumeName: 'pv', resources: { requests: { storage: wanted } } },
  status: { phase: 'Bound', capacity: { storage: has }, conditions },
});

test('a claim that asks for more than its volume has, and whose storage refuses', () => {
  const refused = warned(
    'VolumeResizeFailed',
    'resize volume "pv" by resizer "x" failed: rpc error: code = OutOfRange desc = quota of the pool',
  );
  const report = look([claim('8Gi', '4Gi', says('Resizing', 'True', '', ''))], refused);
  expect(told(report)).toEqual([
    'VOL-012 PersistentVolumeClaim/shop/store spec.resources.requests.storage: it asks for 8Gi and stays at 4Gi: the volume is not made larger: resize volume "pv" by resizer "x" failed: quota of the pool',
  ]);
  const failed = says('ControllerResizeError', 'True', 'ControllerResizeInfeasible', 'more than the 16Ti a volume may have');
  expect(told(look([claim('8Gi', '4Gi', says('Resizing', 'True', '', ''), failed)]))[0]).toContain('more than the 16Ti');
  const pending = says('FileSystemResizePending', 'True', '', 'Waiting for user to (re-)start a pod');
  expect(told(look([claim('8Gi', '4Gi', pending)]))[0]).toContain('grows only when a pod mounts it');
});

test('a claim that is as large as it asks to be, one at work, and one that somebody mounts are left alone', () => {
  const pending = says('FileSystemResizePending', 'True', '', '');
  const mounts = pod('p', { nodeName: 'node-1', containers: [], volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'store' } }] });
  for (const objects of [
    [claim('4Gi', '4Gi')],
    [claim('4096Mi', '4Gi')],
    [claim('8Gi', '4Gi')],
    [claim('8Gi', '4Gi', says('Resizing', 'True', '', ''))],
    [claim('8Gi', '4Gi', says('ControllerResizeError', 'True', '', 'no', '2026-03-01T11:59:00Z'))],
    [claim('8Gi', '4Gi', pending), mounts],
  ])
    expect(look(objects).findings).toEqual([]);
});

test('a resize in place that the node can never do, one that waits for room, and one that has just been asked for', () => {
  const resized = (...conditions: Raw[]) =>
    workload({
      kind: 'StatefulSet',
      name: 'ledger',
      spec: { containers: [{ name: 'c', image: 'i' }] },
      status: { phase: 'Running', conditions, containerStatuses: [container('c', running(), { ready: true })] },
    });
  const never = says('PodResizePending', 'True', 'Infeasible', "Node didn't have enough capacity: cpu, requested: 64000, capacity: 8000");
  const [finding] = look(resized(never)).findings;
  expect([finding?.code, finding?.subject.kind]).toEqual(['POD-019', 'StatefulSet']);
  expect(finding?.message).toContain('can never be done on node-1');
  expect(look(resized(says('PodResizePending', 'True', 'Deferred', 'no room'))).findings[0]?.message).toContain('waits for node-1');
  expect(look(resized({ ...never, lastTransitionTime: '2026-03-01T11:59:30Z' })).findings).toEqual([]);
  expect(look(resized(says('PodResizeInProgress', 'True', '', ''))).findings).toEqual([]);
});

const budget = (name: string, matchLabels: Raw, namespace = 'shop'): Raw => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace },
  spec: { maxUnavailable: 1, selector: { matchLabels } },
  status: { disruptionsAllowed: 1 },
});

test('two budgets over one pod: a remark, until its node is to be drained', () => {
  const objects = [
    node('node-1'),
    ...['a', 'b'].map((n) => pod(n, { nodeName: 'node-1', containers: [] }, undefined, { labels: { app: 'till', tier: 'front' } })),
    budget('by-app', { app: 'till' }),
    budget('by-tier', { tier: 'front' }),
    budget('elsewhere', { app: 'till' }, 'other'),
    budget('others', { app: 'desk' }),
  ];
  const report = look(objects);
  expect(report.findings.map((f) => [f.code, f.severity])).toEqual([['PDB-004', 'low']]);
  expect(report.findings[0]?.message).toBe(
    'PodDisruptionBudget by-app and by-tier both count 2 pods, and a pod with more than one budget can never be evicted',
  );
  const drained = look([node('node-1', { spec: { unschedulable: true } }), ...objects.slice(1)]);
  expect(drained.findings.map((f) => f.severity)).toEqual(['medium']);
  expect(drained.findings[0]?.message).toContain('node-1, cordoned, cannot be drained');
  expect(look(objects.filter((o) => (o['metadata'] as Raw)['name'] !== 'by-tier')).findings).toEqual([]);
});

test('a pod that waits for the claim of a device is not the fault of the scheduler', () => {
  const asks = workload({
    name: 'vision',
    spec: {
      nodeName: undefined,
      containers: [{ name: 'c', image: 'i' }],
      resourceClaims: [
        { name: 'disk', resourceClaimName: 'scratch' },
        { name: 'card', resourceClaimTemplateName: 'big-card' },
      ],
    },
    status: { conditions: [] },
  });
  const said = warned('FailedResourceClaimCreation', 'PodResourceClaim card: resourceclaimtemplate.resource.k8s.io "big-card" not found');
  const report = look([node('node-1'), ...asks], said);
  expect(report.findings.map((f) => [f.code, f.field])).toEqual([
    ['SCH-018', 'spec.template.spec.resourceClaims[1].resourceClaimTemplateName'],
  ]);
  expect(Object.values(advised(report))[0]).toContain('create ResourceClaimTemplate big-card in namespace shop');
});

const scaler = (name: string, reason: string, message: string, at = AGO): Raw => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace: 'shop' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'till' }, maxReplicas: 4 },
  status: { conditions: [says('ScalingActive', 'False', reason, message, at)] },
});

test('two autoscalers over the same pods are one cause; one that is off with its target at zero is none', () => {
  const message = 'pods by selector app=till are controlled by multiple HPAs: [shop/day shop/night]';
  const report = look([scaler('day', 'AmbiguousSelector', message), scaler('night', 'AmbiguousSelector', message)]);
  expect(told(report)).toEqual([
    `HPA-003 HorizontalPodAutoscaler/shop/day spec.scaleTargetRef affects night: the autoscaler does not scale: ${message}; so it is with night`,
  ]);
  expect(Object.values(advised(report))[0]).toContain('keep one autoscaler');
  expect(look([scaler('day', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero')]).findings).toEqual(
    [],
  );
  expect(look([scaler('day', 'AmbiguousSelector', message, '2026-03-01T11:59:30Z')]).findings).toEqual([]);
});
