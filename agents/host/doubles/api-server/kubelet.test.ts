import { expect, test } from 'vitest';
import { play } from './kubelet.ts';
import { ObjectTable, type RawObject } from './objects.ts';
import type { RecordedApp } from './recording.ts';

const BORN = Date.parse('2026-03-01T08:00:00Z');
const START_MS = 1_000;
const DAY_MS = 86_400_000;
const app: RecordedApp = { port: 8080, paths: ['/', '/ready'], memoryMi: 32, requires: [], log: '' };

const node = (name: string, more: object = {}, spec: Record<string, unknown> = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, ...more },
  spec,
  status: { allocatable: { cpu: '1', memory: '1Gi' } },
});
const pod = (container: object = {}, more: object = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop', uid: 'u1', creationTimestamp: new Date(BORN).toISOString() },
  spec: { containers: [{ name: 'app', image: 'web:1', ...container }], ...more },
});
const object = (kind: string, name: string, data: object = {}): RawObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
  data,
});

function at(now: number, subject: RawObject, ...objects: RawObject[]) {
  const table = new ObjectTable();
  for (const o of [...(objects.some((x) => x.kind === 'Node') ? [] : [node('one')]), ...objects]) table.put(o);
  const { status, event, nodeName } = play(subject, {
    table,
    images: { 'web:1': app, 'fat:1': { ...app, memoryMi: 200 } },
    now,
    startMs: START_MS,
  });
  const containers = (status['containerStatuses'] ?? []) as {
    ready: boolean;
    restartCount: number;
    state: { waiting?: { reason: string; message?: string }; running?: object };
    lastState: { terminated?: { exitCode: number; reason: string; finishedAt: string } };
  }[];
  return { ...status, status, event, nodeName, container: containers[0] };
}
const later = (subject: RawObject, ...objects: RawObject[]) => at(BORN + DAY_MS, subject, ...objects);

test('a program runs a moment after its pod was made, and not before', () => {
  expect(at(BORN + START_MS - 1, pod()).container?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  const { container, status } = at(BORN + START_MS, pod());
  expect(container).toMatchObject({ ready: true, state: { running: { startedAt: '2026-03-01T08:00:01Z' } } });
  expect(status).toMatchObject({ phase: 'Running' });
});

test('a condition keeps the time of its last change', () => {
  const young = pod();
  young.status = at(BORN, young).status;
  const ready = (status: object | undefined) =>
    (status as { conditions: { type: string; status: string; lastTransitionTime: string }[] }).conditions.find((c) => c.type === 'Ready');
  expect(ready(young.status)).toMatchObject({ status: 'False', lastTransitionTime: '2026-03-01T08:00:00Z' });
  young.status = at(BORN + 5_000, young).status;
  expect(ready(young.status)).toMatchObject({ status: 'True', lastTransitionTime: '2026-03-01T08:00:05Z' });
  expect(ready(at(BORN + 9_000, young).status)).toEqual(ready(young.status));
});

test.each([
  ['a whole ConfigMap', { envFrom: [{ configMapRef: { name: 'conf' } }] }, 'configmap "conf" not found'],
  ['a whole Secret', { envFrom: [{ secretRef: { name: 'pass' } }] }, 'secret "pass" not found'],
  [
    'a key of a ConfigMap',
    { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'half', key: 'a' } } }] },
    "couldn't find key a in ConfigMap shop/half",
  ],
])('a container that lacks %s is not made', (_, container, message) => {
  const { container: played, event, status } = later(pod(container), object('ConfigMap', 'half', { b: '1' }));
  expect(played?.state.waiting).toEqual({ reason: 'CreateContainerConfigError', message });
  expect([event, status['phase']]).toEqual([{ reason: 'Failed', message: `Error: ${message}` }, 'Pending']);
});

test('a container that could not be made until now begins now, however old its pod is', () => {
  const subject = pod({ envFrom: [{ configMapRef: { name: 'conf' } }] });
  subject.status = later(subject).status;
  expect(later(subject, object('ConfigMap', 'conf')).container?.state).toEqual({ running: { startedAt: '2026-03-02T08:00:00Z' } });
});

test('a volume that cannot be mounted holds all containers, and only an event says why', () => {
  const { container, event, status } = later(pod({}, { volumes: [{ name: 'conf', configMap: { name: 'gone' } }] }));
  expect(container?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  expect(event).toEqual({ reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "conf" : configmap "gone" not found' });
  expect(status).not.toHaveProperty('podIP');
  const optional = pod({}, { volumes: [{ name: 'conf', secret: { secretName: 'gone', optional: true } }] });
  expect(later(optional).container?.ready).toBe(true);
});

test('a program larger than its limit is killed again and again; the last time is not long ago', () => {
  const { container } = later(pod({ image: 'fat:1', resources: { limits: { memory: '128Mi' } } }));
  expect(container).toMatchObject({ restartCount: 288, state: { waiting: { reason: 'CrashLoopBackOff' } } });
  expect(container?.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-03-02T07:55:01Z' });
  expect(later(pod({ image: 'fat:1', resources: { limits: { memory: '256Mi' } } })).container?.ready).toBe(true);
});

test('an image that is not recorded cannot be pulled', () => {
  const { container, event } = later(pod({ image: 'web:9' }));
  expect(container?.state.waiting?.reason).toBe('ImagePullBackOff');
  expect(event?.message).toMatch(/^Failed to pull image "web:9": .* web:9: not found$/);
});

const http = (port: number | string, path = '/ready') => ({ httpGet: { port, path } });
test.each([
  [
    'another port',
    { readinessProbe: http(9090) },
    /^Readiness probe failed: Get "http:\/\/10\.42\.0\.\d+:9090\/ready": dial tcp 10\.42\.0\.\d+:9090: connect: connection refused$/,
  ],
  ['another path', { readinessProbe: http(8080, '/reddy') }, /^Readiness probe failed: HTTP probe failed with statuscode: 404$/],
  ['a name no port has', { readinessProbe: http('wbe') }, /^Readiness probe errored: couldn't find port: wbe$/],
])('a readiness probe at %s leaves a running container unready', (_, probe, message) => {
  const { container, event } = later(pod({ ports: [{ name: 'web', containerPort: 8080 }], ...probe }));
  expect(container).toMatchObject({ ready: false, restartCount: 0, state: { running: {} } });
  expect(event).toEqual({ reason: 'Unhealthy', message: expect.stringMatching(message) as string });
});

test('a probe finds a port by its name; a liveness probe that fails ends the container', () => {
  const ports = [{ name: 'web', containerPort: 8080 }];
  expect(later(pod({ ports, readinessProbe: http('web'), livenessProbe: { tcpSocket: { port: 8080 } } })).container?.ready).toBe(true);
  const { container, event } = later(pod({ ports, livenessProbe: { tcpSocket: { port: 9090 } } }));
  expect(container).toMatchObject({ lastState: { terminated: { exitCode: 137, reason: 'Error' } } });
  expect(event?.message).toMatch(/^Liveness probe failed: dial tcp .*:9090: connect: connection refused$/);
});

test('the scheduler says what each node has against a pod', () => {
  const nodes = [
    node('a', { labels: { disk: 'hdd' } }),
    node('b', { labels: { disk: 'ssd' } }, { unschedulable: true }),
    node('c', { labels: { disk: 'ssd' } }),
    node('d', { labels: { disk: 'ssd' } }),
  ];
  const subject = pod({ resources: { requests: { cpu: '2', memory: '2Gi' } } }, { nodeSelector: { disk: 'ssd' } });
  const said =
    "0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) were unschedulable, 2 Insufficient cpu, 2 Insufficient memory.";
  expect(later(subject, ...nodes)).toMatchObject({ nodeName: undefined, event: { reason: 'FailedScheduling', message: said } });
  expect(later(pod({}, { nodeSelector: { disk: 'hdd' } }), ...nodes).nodeName).toBe('a');
});

test('what runs on a node leaves less of it', () => {
  const asks = (cpu: string) => ({ resources: { requests: { cpu } } });
  const other = { ...pod(asks('600m'), { nodeName: 'one' }), metadata: { name: 'other', namespace: 'shop', uid: 'u2' } };
  expect(later(pod(asks('400m')), node('one'), other).nodeName).toBe('one');
  expect(later(pod(asks('500m')), node('one'), other).nodeName).toBeUndefined();
});
