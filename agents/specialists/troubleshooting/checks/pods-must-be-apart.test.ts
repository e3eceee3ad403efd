import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, node, ownedBy, pod } from '../../testing/places.ts';
import { advised, told } from '../../testing/told.ts';
import { stopOldPodsFirst } from '../remedies/stop-old-pods-first.ts';
import { podsMustBeApart } from './pods-must-be-apart.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([podsMustBeApart], [stopOldPodsFirst], objects);
const apart = (app: string, topologyKey = 'kubernetes.io/hostname') => ({
  podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey }] },
});
const asks = (app: string, key?: string) => ({ nodeName: undefined, affinity: apart(app, key), containers: [{ name: 'app' }] });
const sibling = (nodeName: string) =>
  pod(`db-1-${nodeName}`, { ...asks('db'), nodeName }, RUNNING, { labels: { app: 'db' }, owner: ownedBy('StatefulSet', 'db') });

test('counts the nodes that pods which must be apart can have', () => {
  const report = look(
    node('node-1'),
    node('node-2', { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } }),
    ...workload({ kind: 'StatefulSet', name: 'db', spec: asks('db'), status: REFUSED }),
    sibling('node-1'),
  );
  expect(told(report)).toEqual([
    'SCH-012 StatefulSet/shop/db spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0] affects db-0: 1 pod cannot be placed because of required anti-affinity: 1 are wanted, each on a node of its own, and there is 1 node it could run on. The smallest change: tolerate dedicated=gpu:NoSchedule (for node-2)',
  ]);
  expect(Object.keys(advised(report))).toEqual(['SCH-012 StatefulSet/shop/db']);
});

test('a zone is a domain as a node is, and the wish of a pod that is there counts too', () => {
  const zone = { labels: { zone: 'a' } };
  const other = pod('guard', { nodeName: 'node-1', affinity: apart('web', 'zone'), containers: [] }, RUNNING, { labels: { app: 'guard' } });
  const report = look(
    node('node-1', zone),
    node('node-2', zone),
    other,
    ...workload({ name: 'web', spec: { nodeName: undefined, containers: [{ name: 'app' }] }, status: REFUSED }),
  );
  expect(told(report)[0]).toContain('Pod shop/guard wants to be apart from it');
});

test('silent where a node is free, the namespace is another, or the other pod is on its way out', () => {
  const db = workload({ kind: 'StatefulSet', name: 'db', spec: asks('db'), status: REFUSED });
  expect(told(look(node('node-1'), node('node-2'), ...db, sibling('node-1')))).toEqual([]);
  const elsewhere = pod('db-9', { ...asks('db'), nodeName: 'node-1' }, RUNNING, { namespace: 'other', labels: { app: 'db' } });
  expect(told(look(node('node-1'), ...db, elsewhere))).toEqual([]);
  const leaving = pod('db-8', { ...asks('db'), nodeName: 'node-1' }, RUNNING, { labels: { app: 'db' }, deletedAt: '2026-03-01T11:59:00Z' });
  expect(told(look(node('node-1'), ...db, leaving))).toEqual([]);
});
