import { expect, onTestFinished, test } from 'vitest';
import { playControllers } from './controllers.ts';
import { recordedLog } from './kubelet.ts';
import { ObjectTable, type RawObject } from './objects.ts';
import type { RecordedApp } from './recording.ts';

const app = (more: Partial<RecordedApp> = {}): RecordedApp => ({
  port: 8080,
  paths: ['/'],
  memoryMi: 32,
  requires: [],
  log: 'listening on :8080',
  ...more,
});
const IMAGES = { 'web:1': app(), 'web:2': app(), 'needy:1': app({ requires: ['RATES_URL'] }) };

const node: RawObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'one', labels: { disk: 'ssd' } },
  status: { allocatable: { cpu: '4', memory: '8Gi' } },
};
const deployment = (container: object, pod: object = {}): RawObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'web:1', ...container }], ...pod } },
  },
});
const service = (targetPort: number | string): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort }] },
});

function cluster(...objects: RawObject[]): ObjectTable {
  const table = new ObjectTable();
  for (const object of [node, ...objects]) table.put(object);
  onTestFinished(playControllers(table, { images: IMAGES, startMs: 100 }));
  return table;
}
const status = (table: ObjectTable) => table.get('deployments', 'shop', 'web')?.status;
const pods = (table: ObjectTable) =>
  table.of('Pod').map((p) => ({
    image: (p.spec as { containers: { image: string }[] }).containers[0]?.image,
    ready: (p.status?.['conditions'] as { type: string; status: string }[]).some((c) => c.type === 'Ready' && c.status === 'True'),
    state: (p.status?.['containerStatuses'] as { state: { waiting?: { reason: string; message?: string } } }[] | undefined)?.[0]?.state
      .waiting,
  }));
const change = (table: ObjectTable, container: object, pod: object = {}) => {
  const live = table.get('deployments', 'shop', 'web');
  if (live === undefined) throw new Error('no Deployment');
  table.put({ ...live, spec: { ...live.spec, template: deployment(container, pod).spec?.['template'] } });
};
const slice = (table: ObjectTable) => table.of('EndpointSlice')[0] as unknown as { endpoints: unknown[]; ports: object[] };

test('a recorded Deployment has served for long when somebody looks', () => {
  const table = cluster(deployment({}), service(8080));
  expect(status(table)).toMatchObject({ updatedReplicas: 2, availableReplicas: 2, observedGeneration: 1 });
  expect(slice(table)).toMatchObject({ endpoints: [{}, {}], ports: [{ name: 'http', port: 8080 }] });
});

test('a new template is a new revision; an old one that comes back gets the newest number', async () => {
  const table = cluster(deployment({}));
  const revisions = () => table.of('ReplicaSet').map((s) => s.metadata.annotations?.['deployment.kubernetes.io/revision']);
  change(table, { image: 'web:2' });
  await expect.poll(() => pods(table)).toEqual(Array(2).fill({ image: 'web:2', ready: true, state: undefined }));
  expect(revisions().sort()).toEqual(['1', '2']);
  change(table, { image: 'web:1' });
  await expect.poll(() => pods(table)).toEqual(Array(2).fill({ image: 'web:1', ready: true, state: undefined }));
  expect(revisions().sort()).toEqual(['2', '3']);
});

test('the old pods serve on while the new ones cannot start', async () => {
  const table = cluster(deployment({}));
  change(table, { image: 'web:3' });
  await expect.poll(() => pods(table).filter((p) => p.image === 'web:3' && p.state?.reason === 'ImagePullBackOff').length).toBe(1);
  expect(pods(table).filter((p) => p.image === 'web:1' && p.ready)).toHaveLength(2);
});

test('a container whose ConfigMap appears is started', async () => {
  const table = cluster(deployment({ envFrom: [{ configMapRef: { name: 'settings' } }] }));
  expect(pods(table)[0]?.state).toMatchObject({ reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' });
  table.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data: {} });
  await expect.poll(() => status(table)?.['availableReplicas'], { timeout: 3_000 }).toBe(2);
});

test('a program without a variable it needs ends and says so; given by a whole ConfigMap, it runs', async () => {
  const table = cluster(deployment({ image: 'needy:1' }));
  const log = (previous: boolean) => recordedLog(table.of('Pod')[0] as RawObject, 'app', previous, IMAGES, table);
  expect(pods(table)[0]?.state?.reason).toBe('CrashLoopBackOff');
  expect(log(true)).toContain('RATES_URL is not set');
  table.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'rates', namespace: 'shop' }, data: { RATES_URL: 'http://rates' } });
  change(table, { image: 'needy:1', envFrom: [{ configMapRef: { name: 'rates' } }] });
  await expect.poll(() => pods(table).filter((p) => p.ready).length, { timeout: 3_000 }).toBe(2);
  expect([log(false), log(true)]).toEqual(['listening on :8080\n', undefined]);
});

test.each([
  ['web', [{ port: 8080 }]],
  ['wbe', []],
])('the port %s of a Service is what the pods call so, or none', (name, ports) => {
  const table = cluster(deployment({ ports: [{ name: 'web', containerPort: 8080 }] }), service(name));
  expect(slice(table).ports).toMatchObject(ports);
});

test('a pod that no node takes waits, and is placed when a node is labelled', async () => {
  const table = cluster(deployment({}, { nodeSelector: { disk: 'nvme' } }));
  const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
  expect(table.of('Pod')[0]?.status).toMatchObject({ conditions: [{ reason: 'Unschedulable', message }] });
  table.put({ ...node, metadata: { ...node.metadata, labels: { disk: 'nvme' } } });
  await expect.poll(() => status(table)?.['availableReplicas'], { timeout: 3_000 }).toBe(2);
});
