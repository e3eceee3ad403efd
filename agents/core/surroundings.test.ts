import { expect, test } from 'vitest';
import { type Kind, type KubeObject, project } from '../contract/index.ts';
import { surroundingsOf } from './surroundings.ts';
import { ObjectStore } from './view.ts';

const object = <K extends Kind>(kind: K, name: string, raw: object = {}, metadata: object = {}): KubeObject =>
  project(kind, { metadata: { namespace: 'shop', name, uid: `${kind}-${name}`, ...metadata }, ...raw }) as KubeObject;
const labels = { app: 'web' };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: 'c', image: 'web:1', envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'lost' } }] }] },
};
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `${kind}-${name}`, controller: true }],
});
const pods = (count: number, bad = 0) =>
  Array.from({ length: count }, (_, i) =>
    object(
      'Pod',
      `web-1-${String(i).padStart(3, '0')}`,
      {
        spec: template.spec,
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              name: 'c',
              image: 'web:1',
              ready: i >= bad,
              restartCount: 0,
              state: i < bad ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: {} },
            },
          ],
        },
      },
      { labels, ...owned('ReplicaSet', 'web-1') },
    ),
  );
const shop = (more: readonly KubeObject[]) => {
  const store = new ObjectStore('c', [
    object('Deployment', 'web', { spec: { replicas: 3, selector: { matchLabels: labels }, template }, status: {} }),
    object(
      'ReplicaSet',
      'web-1',
      { spec: { replicas: 3, selector: { matchLabels: labels }, template }, status: {} },
      owned('Deployment', 'web'),
    ),
    object('Service', 'web', { spec: { selector: labels, ports: [{ port: 80 }] } }),
    object('Ingress', 'front', {
      spec: { rules: [{ host: 'shop.example', http: { paths: [{ backend: { service: { name: 'web', port: { number: 80 } } } }] } }] },
    }),
    object('ConfigMap', 'settings'),
    object('ConfigMap', 'of-others'),
    ...more,
  ]);
  return store.view();
};
const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const lines = (s: ReturnType<typeof surroundingsOf>) =>
  s.nodes.map((n) => `${n.steps} ${n.resource.kind} ${n.resource.name} x${n.count} ${n.health} ${n.state}`).sort();

test('what leads to a workload is on one side, what it needs on the other, and what is not there is said', () => {
  const found = surroundingsOf(shop(pods(2)), web);
  const said = lines(found);
  expect(said).toContain('-1 Service web x1 ok ClusterIP');
  expect(said).toContain('-2 Ingress front x1 ok Active');
  expect(said).toContain('1 ConfigMap settings x1 ok Active');
  expect(said).toContain('1 Secret lost x1 fail not there');
  expect(said.filter((l) => l.includes(' Pod '))).toHaveLength(2);
  expect(said.some((l) => l.includes('of-others'))).toBe(false);
  expect(found.edges).toContainEqual({ from: 'Ingress/shop/front', to: 'Service/shop/web', how: 'calls' });
  expect(found.edges).toContainEqual({ from: 'Service/shop/web', to: 'Deployment/shop/web', how: 'selects' });
  expect(found.middle).toBe('Deployment/shop/web');
});

test('pods that are alike are one with a number, and it says how many are not well', () => {
  const found = surroundingsOf(shop(pods(300, 4)), web);
  expect(lines(found)).toContain('1 Pod web-1-000 x300 fail 4 not well');
  expect(found.rolledUp).toBe(300);
});

test('never more than asked for, and every edge leads from one that is drawn to one that is', () => {
  const callers = Array.from({ length: 900 }, (_, i) => {
    const spec = { containers: [{ name: 'c', image: 'x', env: [{ name: `URL_${i % 3}`, value: 'http://web' }] }] };
    return object('Deployment', `caller-${i}`, {
      spec: { replicas: 1, selector: {}, template: { metadata: { labels: { app: `c${i}` } }, spec } },
      status: {},
    });
  });
  const found = surroundingsOf(shop([...pods(40), ...callers]), web, 100);
  expect(found.nodes.length).toBeLessThanOrEqual(100);
  const ids = new Set(found.nodes.map((n) => n.id));
  for (const { from, to } of found.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
  expect(found.nodes.reduce((sum, n) => sum + n.count, 0)).toBeGreaterThan(900);
});

test('an object nobody knows has itself for surroundings', () => {
  expect(surroundingsOf(shop([]), { ...web, name: 'nowhere' })).toMatchObject({ nodes: [{ state: 'not there', count: 1 }], edges: [] });
});
