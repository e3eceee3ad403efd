import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, node, pod } from '../../testing/places.ts';
import { advised, told } from '../../testing/told.ts';
import { decideAboutPlace } from '../remedies/decide-about-place.ts';
import { spreadTooUneven } from './spread-too-uneven.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([spreadTooUneven], [decideAboutPlace], objects);
const spread = (more: object = {}) => ({
  nodeName: undefined,
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } }, ...more },
  ],
  containers: [{ name: 'app' }],
});
const web = (more?: object) => workload({ name: 'web', spec: spread(more), status: REFUSED });
const other = (name: string, nodeName: string) => pod(name, { nodeName, containers: [] }, RUNNING, { labels: { app: 'web' } });
const tainted = { spec: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] }, labels: { zone: 'b' } };

test('a domain that takes no pods stops the others', () => {
  const report = look(node('node-1', { labels: { zone: 'a' } }), node('node-2', tainted), other('one', 'node-1'), ...web());
  expect(told(report)).toEqual([
    'SCH-014 Deployment/shop/web spec.template.spec.topologySpreadConstraints[0] affects web-r1-x: 1 pod cannot be placed because it must be spread over zone: a holds 1 of its pods and the emptiest domain 0; maxSkew is 1, and the emptiest takes none. The smallest change: tolerate dedicated:NoSchedule (for node-2)',
  ]);
  expect(advised(report)['SCH-014 Deployment/shop/web']).toContain('ScheduleAnyway');
});

test('fewer domains than minDomains, and nodes without the label', () => {
  const few = look(node('node-1', { labels: { zone: 'a' } }), other('one', 'node-1'), ...web({ minDomains: 2 }));
  expect(told(few)[0]).toMatch(/topologySpreadConstraints\[0\]\.minDomains .*minDomains is 2, and its nodes have 1 value of zone/);
  const bare = look(node('node-1'), ...web());
  expect(told(bare)[0]).toMatch(/\.topologyKey .*no node it could run on has the label zone/);
  expect(advised(bare)['SCH-014 Deployment/shop/web']).toMatch(/^Write topology.kubernetes.io.zone in .*, and give the nodes that label/);
  const near = look(node('node-1', { labels: { zones: 'a' } }), ...web());
  expect(told(near)[0]).toContain('was zones meant?');
  expect(advised(near)['SCH-014 Deployment/shop/web']).toMatch(/^Write zones in /);
});

test('silent where it is a wish only, even enough, or the tainted domain does not count', () => {
  const nodes = [node('node-1', { labels: { zone: 'a' } }), node('node-2', tainted)];
  expect(told(look(...nodes, other('one', 'node-1'), ...web({ whenUnsatisfiable: 'ScheduleAnyway' })))).toEqual([]);
  expect(told(look(...nodes, ...web()))).toEqual([]);
  expect(told(look(...nodes, other('one', 'node-1'), ...web({ nodeTaintsPolicy: 'Honor' })))).toEqual([]);
});
