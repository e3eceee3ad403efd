import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServer, type PageSource, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { kubeconfigOf } from '../../agents/host/doubles/kubeconfig.ts';
import { SeriesDatabase } from '../../agents/host/series/series-database.ts';

/**
 * A cluster that was watched for a week: a workload that leaks since a rollout and takes more processor time since some minutes, a night in which
 * nothing was read, and what its API server says now. Its series are in the data directory before the host starts.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIB = 2 ** 20;
const EVERY = 15_000;
const ROLLOUT_AGO = 90 * MINUTE;
const BUSY_AGO = 6 * MINUTE;
const GAP = [9 * HOUR, 8 * HOUR] as const;
const LIMIT = 512 * MIB;
const WEB = { namespace: 'shop', workload: 'Deployment/web' };
export const POD = 'web-7c9d8f6b5-aaaaa';

const wobble = (t: number, by: number) => by * Math.sin(t / 37_000) * Math.cos(t / 11_000);

/** What its one pod takes at a time, `now` being when the host starts. */
const memory = (t: number, now: number) => {
  const since = t - (now - ROLLOUT_AGO);
  return (180 + (since > 0 ? (150 * since) / ROLLOUT_AGO : 0)) * MIB + wobble(t, 2 * MIB);
};
const cores = (t: number, now: number) => (t > now - BUSY_AGO ? 1.6 : 0.3) + wobble(t, 0.02);

function seed(path: string, now: number, more: (db: SeriesDatabase, now: number) => void): void {
  const db = new SeriesDatabase(path);
  const write = (name: string, labels: Record<string, string>, value: (t: number) => number | undefined, days = 1, every = EVERY) => {
    const ids: number[] = [];
    const at: number[] = [];
    const values: number[] = [];
    const id = db.id('one', { __name__: name, ...labels });
    for (let t = now - days * 24 * HOUR; t < now; t += every) {
      const said = t > now - GAP[0] && t < now - GAP[1] ? undefined : value(t);
      if (said === undefined) continue;
      ids.push(id);
      at.push(t);
      values.push(said);
    }
    db.append(ids, at, values);
  };
  for (const [name, value] of [
    ['workload_memory_bytes_max', (t: number) => memory(t, now)],
    ['workload_memory_bytes', (t: number) => memory(t, now)],
    ['workload_memory_limit_bytes', () => LIMIT],
    ['workload_cpu_cores', (t: number) => cores(t, now)],
    ['workload_cpu_cores_max', (t: number) => cores(t, now)],
    ['workload_pods', () => 1],
  ] as const)
    write(name, WEB, value, 7);
  for (const [quantile, seconds] of [
    ['0.5', 0.03],
    ['0.95', 0.1],
    ['0.99', 0.14],
  ] as const)
    write('workload_latency_seconds', { ...WEB, quantile }, (t) => seconds * (1 + wobble(t, 0.1)));
  write('workload_requests_per_second', { ...WEB, class: '2xx' }, (t) => 40 + wobble(t, 8));
  write('workload_requests_per_second', { ...WEB, class: '5xx' }, (t) => 0.2 + wobble(t, 0.1));
  const container = { ...WEB, pod: POD, container: 'web' };
  write('container_memory_bytes', container, (t) => memory(t, now));
  write('container_cpu_cores', container, (t) => cores(t, now));
  const volume = { ...WEB, pod: POD, volume: 'data', persistentvolumeclaim: 'data' };
  write('volume_used_bytes', volume, (t) => 4 * 2 ** 30 + (t - now + 24 * HOUR) * 20);
  write('volume_capacity_bytes', volume, () => 10 * 2 ** 30);
  for (const [i, node] of NODES.entries()) {
    write('node_cpu_cores', { node }, (t) => 0.4 + 0.35 * i + wobble(t, 0.05), 0.1);
    write('node_cpu_allocatable_cores', { node }, () => 4, 0.1);
    write('node_memory_bytes', { node }, (t) => (1 + i * 0.7) * 2 ** 30 + wobble(t, 20 * MIB), 0.1);
    write('node_memory_allocatable_bytes', { node }, () => 8 * 2 ** 30, 0.1);
    write('node_pods', { node }, () => 5 + 3 * i, 0.1);
  }
  more(db, now);
  db.close();
}

const NODES = Array.from({ length: 8 }, (_, i) => `node-${i + 1}`);
const meta = (name: string, more: object = {}) => ({ name, uid: `uid-${name}`, creationTimestamp: '2025-01-01T00:00:00Z', ...more });
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
});
const container = {
  name: 'web',
  image: 'web:2',
  resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { cpu: '2', memory: '512Mi' } },
};
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };

function objects(now: number): readonly object[] {
  const rolledOut = new Date(now - ROLLOUT_AGO).toISOString();
  return [
    ...['kube-system', 'shop'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: meta(name) })),
    ...NODES.map((name) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: meta(name),
      spec: {},
      status: {
        allocatable: { cpu: '4', memory: '8Gi' },
        capacity: { cpu: '4', memory: '8Gi' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    })),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('web', {
        namespace: 'shop',
        annotations: { 'deployment.kubernetes.io/revision': '2' },
        managedFields: [
          {
            manager: 'kubectl-set',
            operation: 'Update',
            apiVersion: 'apps/v1',
            time: rolledOut,
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } } } },
          },
        ],
      }),
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
      status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1 },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: meta('web-7c9d8f6b5', {
        namespace: 'shop',
        creationTimestamp: rolledOut,
        annotations: { 'deployment.kubernetes.io/revision': '2' },
        ...owned('Deployment', 'web'),
      }),
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
      status: { replicas: 1 },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: meta(POD, {
        namespace: 'shop',
        labels: { app: 'web', 'pod-template-hash': '7c9d8f6b5' },
        creationTimestamp: rolledOut,
        ...owned('ReplicaSet', 'web-7c9d8f6b5'),
      }),
      spec: { nodeName: 'node-1', containers: [container] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'web', ready: true, restartCount: 0, state: { running: {} }, image: 'web:2', imageID: '' }],
      },
    },
  ];
}

/** What its pod has said in the last minutes, as a kubelet stamps it: orders, and since the pool is empty an error with its stack trace. */
function said(begun: number): string {
  const lines: string[] = [];
  for (let i = 0; i < 90; i++) {
    const stamp = (ms: number) => `${new Date(begun - (90 - i) * 2_000 + ms).toISOString().replace('Z', '000000Z')}`;
    lines.push(`${stamp(0)} INFO order ${4_000 + i * 7} taken in ${5 + (i % 9)} ms`);
    if (i % 10 !== 9) continue;
    lines.push(`${stamp(500)} ERROR pool exhausted: ${i + 3} of ${i + 3} connections in use`);
    lines.push(`${stamp(501)} java.lang.IllegalStateException: no connection`, `${stamp(502)} \tat com.shop.Pool.take(Pool.java:42)`);
  }
  return `${lines.join('\n')}\n`;
}

/** metrics.k8s.io as metrics-server writes it. */
const pages =
  (begun: number): PageSource =>
  (path) => {
    const now = Date.now();
    const timestamp = new Date(now).toISOString();
    const list = (kind: string, items: readonly object[]) => ({
      body: JSON.stringify({ kind, apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items }),
    });
    const nano = (value: number) => `${Math.round(value * 1e9)}n`;
    if (path === '/apis/metrics.k8s.io/v1beta1/nodes')
      return list(
        'NodeMetricsList',
        NODES.map((name, i) => ({
          metadata: { name },
          timestamp,
          window: '15s',
          usage: { cpu: nano(i === 6 ? 3.9 : 0.4 + 0.45 * i), memory: `${Math.round(1024 * (1 + i * 0.7))}Mi` },
        })),
      );
    if (path !== '/apis/metrics.k8s.io/v1beta1/pods') return undefined;
    const usage = { cpu: nano(cores(now, begun)), memory: String(Math.round(memory(now, begun))) };
    return list('PodMetricsList', [
      { metadata: { name: POD, namespace: 'shop' }, timestamp, window: '15s', containers: [{ name: 'web', usage }] },
    ]);
  };

export interface MetricsCluster {
  readonly server: ApiServer;
  readonly kubeconfig: string;
  readonly dataDir: string;
  /** Somebody writes a note on the Deployment. */
  touch(): void;
  close(): Promise<void>;
}

/** `more`: series beside those, of context `one`, up to `now`. */
export async function metricsCluster(more: (db: SeriesDatabase, now: number) => void = () => undefined): Promise<MetricsCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-metrics-'));
  const now = Date.now();
  seed(join(dir, 'series.db'), now, more);
  const all = objects(now) as readonly RawObject[];
  const server = await startApiServer({ objects: all, pages: pages(now), log: () => said(now) });
  const web = all.find((o) => o.kind === 'Deployment');
  const kubeconfig = kubeconfigOf(dir, 'one', server.url);
  return {
    server,
    kubeconfig,
    dataDir: dir,
    touch: () => {
      if (web === undefined) return;
      const { metadata } = web as unknown as { metadata: { annotations: object } };
      server.table.put({
        ...web,
        metadata: { ...metadata, annotations: { ...metadata.annotations, note: 'looked at' } },
      } as unknown as RawObject);
    },
    close: async () => {
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
