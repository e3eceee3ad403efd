import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playControllers } from '../../agents/host/doubles/api-server/controllers.ts';
import { ObjectTable, type RawObject } from '../../agents/host/doubles/api-server/objects.ts';

/** Names no careful person would give; the cluster has them all the same. */
export const ROUGH_NAMES = {
  html: '<img src=x onerror=window.hacked=true>',
  rtl: 'סל-קניות-عربة',
  emoji: '🚢-👩‍👩‍👧‍👦-cart',
  long: `cart-${'x'.repeat(248)}`,
} as const;

/** For each name a Service that selects nothing although its Deployment is there, so that each has an incident and a plan. */
export function roughCluster(): RawObject[] {
  const table = new ObjectTable();
  const born = '2026-01-01T00:00:00Z';
  const put = (object: RawObject) => void table.put({ ...object, metadata: { creationTimestamp: born, ...object.metadata } });
  for (const name of ['kube-system', 'default', 'shop'])
    put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
  put({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', labels: {} },
    spec: {},
    status: { allocatable: { cpu: '64', memory: '256Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
  });
  for (const [key, name] of Object.entries(ROUGH_NAMES)) {
    const labels = { app: key };
    put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] }] } },
      },
    });
    put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { selector: { app: `${key}x` }, ports: [{ port: 80, targetPort: 8080 }] },
    });
  }
  playControllers(table, { images: { 'app:1': { port: 8080, paths: ['/'], memoryMi: 16, requires: [], log: '' } }, startMs: 0 })();
  return ['namespaces', 'nodes', 'deployments', 'replicasets', 'pods', 'services', 'endpointslices'].flatMap((r) => table.list(r));
}

/** A kubeconfig with that cluster as the context `rough`, and so many others that nobody asks for. */
export function crowdedKubeconfig(dir: string, server: string, others: number): string {
  const names = ['rough', ...Array.from({ length: others }, (_, i) => `crowd-${i}`)];
  const file = join(dir, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'rough',
    clusters: [
      { name: 'rough', cluster: { server } },
      { name: 'crowd', cluster: { server: 'https://127.0.0.1:1' } },
    ],
    users: [{ name: 'me', user: { token: 'none' } }],
    contexts: names.map((name) => ({ name, context: { cluster: name === 'rough' ? 'rough' : 'crowd', user: 'me' } })),
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
