import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ApiServer, type PageSource, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { kubeconfigOf } from '../../agents/host/doubles/kubeconfig.ts';
import { startApp } from '../../agents/host/wiring.ts';
import { folder } from './fleet.ts';

/** A cluster of one Deployment of two pods on one node, and the app that watches it; what its metrics say is the test's. */

const meta = (name: string, more: object = {}) => ({ name, uid: `uid-${name}`, creationTimestamp: '2025-01-01T00:00:00Z', ...more });
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
});
export const PODS = ['web-6d4cf56db6-aaaaa', 'web-6d4cf56db6-bbbbb'] as const;

const podOf = (name: string, restarts: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, { namespace: 'shop', labels: { app: 'web' }, ...owned('ReplicaSet', 'web-6d4cf56db6') }),
  spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'web:1' }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'web', ready: true, restartCount: restarts, state: { running: {} }, image: 'web:1', imageID: '' }],
  },
});
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };

export const OBJECTS: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: meta('kube-system') },
  { apiVersion: 'v1', kind: 'Namespace', metadata: meta('shop') },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta('node-1'),
    spec: {},
    status: {
      allocatable: { cpu: '4', memory: '8Gi' },
      capacity: { cpu: '4', memory: '8Gi' },
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'MemoryPressure', status: 'False' },
      ],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web', { namespace: 'shop' }),
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
    status: { replicas: 2, readyReplicas: 2 },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: meta('web-6d4cf56db6', { namespace: 'shop', ...owned('Deployment', 'web') }),
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
    status: { replicas: 2 },
  },
  ...PODS.map((name, i) => podOf(name, i)),
];

/** metrics.k8s.io as metrics-server writes it. */
export const metricsPages =
  (now: () => number, usage: (pod: string) => { cpu: string; memory: string } | undefined): PageSource =>
  (path) => {
    const timestamp = new Date(now()).toISOString();
    const list = (kind: string, items: readonly object[]) => ({
      body: JSON.stringify({ kind, apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items }),
    });
    if (path === '/apis/metrics.k8s.io/v1beta1/nodes')
      return list('NodeMetricsList', [
        { metadata: { name: 'node-1' }, timestamp, window: '15s', usage: { cpu: '250m', memory: '1024Ki' } },
      ]);
    if (path !== '/apis/metrics.k8s.io/v1beta1/pods') return undefined;
    return list(
      'PodMetricsList',
      PODS.flatMap((name) => {
        const its = usage(name);
        return its === undefined ? [] : [{ metadata: { name, namespace: 'shop' }, timestamp, containers: [{ name: 'web', usage: its }] }];
      }),
    );
  };

export interface Watched {
  readonly server: ApiServer;
  readonly client: Awaited<ReturnType<typeof appOver>>['client'];
  readonly dataDir: string;
}

async function appOver(server: ApiServer, dir: string) {
  const kubeconfig = kubeconfigOf(dir, 'one', server.url);
  const started = await startApp({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [kubeconfig],
    demo: false,
    env: {},
    home: dir,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  onTestFinished(() => started.value.close());
  return started.value.app;
}

export async function watched(pages: PageSource, objects: readonly object[] = OBJECTS): Promise<Watched> {
  const server = await startApiServer({ objects: objects as readonly RawObject[], pages });
  onTestFinished(() => server.close());
  const dir = folder();
  const { client } = await appOver(server, dir);
  await client.cluster.connect({ context: 'one' });
  return { server, client, dataDir: join(dir, 'data') };
}
