import { expect, test } from 'vitest';
import { ALL_KINDS, HEALTHS, type Kind, type KubeObject, project } from '../contract/index.ts';
import { columnsOf, openRow, packRow } from './row.ts';
import { fitting } from './row-spec.ts';

const meta = { name: 'a', namespace: 'shop', uid: '255f1e6e-3ddc-4c3f-97e9-34f6588e350c', creationTimestamp: '2026-11-20T08:15:30Z' };
const row = (kind: Kind, raw: object) => openRow(kind, packRow(project(kind, { metadata: meta, ...raw }) as KubeObject));
const said = (kind: Kind, raw: object) => {
  const { state, health, cells } = row(kind, raw);
  return [state, health, ...Object.values(cells)];
};
const run = { running: { startedAt: '2026-11-20T08:15:40Z' } };
const wait = (reason: string) => ({ waiting: { reason } });
const status = (state: object, more: object = {}) => ({
  name: 'c',
  ready: 'running' in state,
  restartCount: 0,
  image: 'i',
  state,
  ...more,
});
const pod = (more: { spec?: object; status?: object; metadata?: object }) =>
  said('Pod', {
    metadata: { ...meta, ...more.metadata },
    spec: { containers: [{ name: 'c' }], nodeName: 'node-1', ...more.spec },
    status: { phase: 'Running', podIP: '10.0.0.9', ...more.status },
  }).slice(0, 4);

test('a pod that runs', () => {
  expect(pod({ status: { containerStatuses: [status(run)] } })).toEqual(['Running', 'ok', '1/1', 0]);
});

test.each([
  ['CrashLoopBackOff', 'fail'],
  ['ImagePullBackOff', 'fail'],
  ['ErrImagePull', 'fail'],
  ['CreateContainerConfigError', 'fail'],
  ['ContainerCreating', 'progressing'],
])('a pod whose container waits with %s is %s', (reason, health) => {
  expect(pod({ status: { phase: 'Pending', containerStatuses: [status(wait(reason))] } })).toEqual([reason, health, '0/1', 0]);
});

test('the first container that has something to say says what the pod is', () => {
  const two = { containers: [{ name: 'a' }, { name: 'b' }] };
  const statuses = [status(wait('CrashLoopBackOff'), { name: 'a', restartCount: 7 }), status(wait('ImagePullBackOff'), { name: 'b' })];
  expect(pod({ spec: two, status: { containerStatuses: statuses } })).toEqual(['CrashLoopBackOff', 'fail', '0/2', 7]);
});

test('ends of containers: a reason, a signal, a code', () => {
  const end = (terminated: object) => pod({ status: { phase: 'Failed', containerStatuses: [status({ terminated })] } }).slice(0, 2);
  expect(end({ exitCode: 137, reason: 'OOMKilled' })).toEqual(['OOMKilled', 'fail']);
  expect(end({ exitCode: 137, signal: 9 })).toEqual(['Signal:9', 'fail']);
  expect(end({ exitCode: 3 })).toEqual(['ExitCode:3', 'fail']);
  expect(end({ exitCode: 0, reason: 'Completed' })).toEqual(['Completed', 'ok']);
});

test('a container that ran to its end beside one that runs does not make the pod completed', () => {
  const statuses = [status({ terminated: { exitCode: 0, reason: 'Completed' } }), status(run, { name: 'b' })];
  const spec = { containers: [{ name: 'c' }, { name: 'b' }] };
  expect(pod({ spec, status: { containerStatuses: statuses } }).slice(0, 2)).toEqual(['NotReady', 'warn']);
  const conditions = [{ type: 'Ready', status: 'True' }];
  expect(pod({ spec, status: { containerStatuses: statuses, conditions } })[0]).toBe('Running');
});

test('init containers: how far, what they wait for, how they ended; a sidecar that started is not waited for', () => {
  const init = (...initContainerStatuses: object[]) =>
    pod({
      spec: { initContainers: [{ name: 'i' }, { name: 'side', restartPolicy: 'Always' }] },
      status: { phase: 'Pending', initContainerStatuses, containerStatuses: [status(wait('PodInitializing'))] },
    });
  const done = status({ terminated: { exitCode: 0 } }, { name: 'i' });
  expect(init(status(run, { name: 'i' })).slice(0, 2)).toEqual(['Init:0/2', 'progressing']);
  expect(init(status(wait('CrashLoopBackOff'), { name: 'i', restartCount: 4 }))).toEqual(['Init:CrashLoopBackOff', 'fail', '0/2', 4]);
  expect(init(status({ terminated: { exitCode: 1, reason: 'Error' } }, { name: 'i' })).slice(0, 2)).toEqual(['Init:Error', 'fail']);
  expect(init(done, status(run, { name: 'side', started: true })).slice(0, 3)).toEqual(['PodInitializing', 'progressing', '1/2']);
});

test('pods that are not where they should be: unschedulable, gated, evicted, on a lost node, leaving', () => {
  const scheduled = (reason: string) => [{ type: 'PodScheduled', status: 'False', reason }];
  expect(pod({ status: { phase: 'Pending', conditions: scheduled('Unschedulable') } }).slice(0, 2)).toEqual(['Pending', 'warn']);
  expect(pod({ status: { phase: 'Pending', conditions: scheduled('SchedulingGated') } })[0]).toBe('SchedulingGated');
  expect(pod({ status: { phase: 'Failed', reason: 'Evicted' } }).slice(0, 2)).toEqual(['Evicted', 'fail']);
  const leaving = { deletionTimestamp: '2026-11-20T09:00:00Z' };
  expect(pod({ metadata: leaving }).slice(0, 2)).toEqual(['Terminating', 'progressing']);
  expect(pod({ metadata: leaving, status: { reason: 'NodeLost' } }).slice(0, 2)).toEqual(['Unknown', 'unknown']);
});

const template = { metadata: {}, spec: { containers: [{ name: 'c', image: 'shop:1' }] } };
const deployment = (ready: number, more: { spec?: object; status?: object } = {}) =>
  said('Deployment', {
    metadata: { ...meta, generation: 2 },
    spec: { replicas: 3, template, ...more.spec },
    status: { observedGeneration: 2, updatedReplicas: 3, readyReplicas: ready, availableReplicas: ready, ...more.status },
  });

test('deployments: all there, some, none, on the way, given up, scaled to nothing', () => {
  expect(deployment(3)).toEqual(['3/3 ready', 'ok', '3/3', 3, 3, 'shop:1']);
  expect(deployment(2)[1]).toBe('warn');
  expect(deployment(0)[1]).toBe('fail');
  expect(deployment(3, { status: { observedGeneration: 1 } })[1]).toBe('progressing');
  expect(deployment(2, { status: { updatedReplicas: 1 } })[1]).toBe('progressing');
  const stuck = { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] };
  expect(deployment(2, { status: stuck })[1]).toBe('fail');
  expect(deployment(0, { spec: { replicas: 0 }, status: { updatedReplicas: 0 } }).slice(0, 2)).toEqual(['0/0 ready', 'ok']);
  expect(deployment(3, { spec: { paused: true }, status: { updatedReplicas: 1 } }).slice(0, 2)).toEqual(['paused, 3/3 ready', 'ok']);
});

test('jobs: running, failing, failed, complete, suspended', () => {
  const job = (spec: object, state: object) => said('Job', { spec: { template, completions: 2, ...spec }, status: state }).slice(0, 3);
  expect(job({}, { active: 1, succeeded: 1 })).toEqual(['1 running', 'progressing', '1/2']);
  expect(job({}, { active: 1, failed: 2 })[1]).toBe('warn');
  const failed = [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }];
  expect(job({}, { failed: 3, conditions: failed }).slice(0, 2)).toEqual(['BackoffLimitExceeded', 'fail']);
  expect(job({}, { succeeded: 2, conditions: [{ type: 'Complete', status: 'True' }] })).toEqual(['Complete', 'ok', '2/2']);
  expect(job({ suspend: true }, {})[0]).toBe('Suspended');
});

test('nodes: ready, cordoned, under pressure, lost', () => {
  const node = (ready: string, spec: object = {}, more: object[] = []) =>
    said('Node', { spec, status: { conditions: [{ type: 'Ready', status: ready }, ...more], allocatable: { cpu: '4' } } }).slice(0, 2);
  expect(node('True')).toEqual(['Ready', 'ok']);
  expect(node('True', { unschedulable: true })).toEqual(['Ready,SchedulingDisabled', 'warn']);
  expect(node('True', {}, [{ type: 'DiskPressure', status: 'True' }])).toEqual(['Ready,DiskPressure', 'warn']);
  expect(node('False')).toEqual(['NotReady', 'fail']);
  expect(node('Unknown')).toEqual(['NotReady', 'unknown']);
});

test('claims, services, secrets: what kubectl shows, and of a secret no more than the number of its keys', () => {
  const claim = { spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast' }, status: { phase: 'Pending' } };
  expect(said('PersistentVolumeClaim', claim)).toEqual(['Pending', 'progressing', '', '', 'RWO', 'fast']);
  const service = { spec: { clusterIP: '10.1.1.1', selector: { app: 'cart' }, ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }] } };
  expect(said('Service', service)).toEqual(['ClusterIP', 'ok', 'ClusterIP', '10.1.1.1', '80:30080/TCP', 'app=cart']);
  const secret = packRow(project('Secret', { metadata: meta, type: 'Opaque', data: { password: 'aHVudGVyMg==' } }) as KubeObject);
  expect(JSON.stringify(secret)).not.toMatch(/password|aHVudGVyMg/);
  expect(secret[6]).toEqual(['Opaque', 1]);
});

test('being deleted outranks how well it was', () => {
  const metadata = { ...meta, deletionTimestamp: '2026-11-20T09:00:00Z' };
  expect(row('ConfigMap', { metadata, data: { a: 'b' } })).toMatchObject({
    state: 'Terminating',
    health: 'progressing',
    cells: { data: 1 },
  });
});

/** The least an object of a kind can be. */
const LEAST: Partial<Record<Kind, object>> = {
  ...{ Pod: { spec: {} }, Job: { spec: { template } }, StorageClass: { provisioner: 'p' }, LimitRange: { spec: {} } },
  CronJob: { spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } },
  HorizontalPodAutoscaler: { spec: { scaleTargetRef: { kind: 'Deployment', name: 'a' }, maxReplicas: 3 } },
  ...{ Deployment: { spec: { template } }, StatefulSet: { spec: { template } }, DaemonSet: { spec: { template } } },
};

test.each(ALL_KINDS)('a %s of which almost nothing is known has a row with all its columns, and survives JSON', (kind) => {
  const least = LEAST[kind] ?? { spec: {} };
  const packed = packRow(project(kind, { metadata: meta, ...least }) as KubeObject);
  expect(packed[6].length).toBe(columnsOf(kind).length);
  expect(HEALTHS[packed[5]]).toBeDefined();
  expect(openRow(kind, JSON.parse(JSON.stringify(packed)) as typeof packed)).toEqual(openRow(kind, packed));
});

test('a pod takes about 150 bytes', () => {
  const metadata = { ...meta, name: 'checkout-7d9f8b6c5d-x2k4p' };
  const spec = { containers: [{ name: 'c' }], nodeName: 'ip-10-0-12-34.ec2.internal' };
  const object = { metadata, spec, status: { phase: 'Running', podIP: '10.244.13.27', containerStatuses: [status(run)] } };
  expect(JSON.stringify(packRow(project('Pod', object) as KubeObject)).length).toBeLessThanOrEqual(155);
});

test('a long list is cut with the number of what is left out', () => {
  const items = Array.from({ length: 30 }, (_, i) => `10.0.0.${i}`);
  expect(fitting(items)).toMatch(/^10\.0\.0\.0, .* \+\d+$/);
  expect(fitting(items).length).toBeLessThan(90);
  expect(fitting(['x'.repeat(200), 'y']).length).toBeLessThan(90);
  expect(fitting([])).toBe('');
});
