import { expect, test } from 'vitest';
import type { Maintenance } from '../contract/index.ts';
import { isCovered, isMaintenanceActive, maintenanceOf } from './maintenance.ts';
import { at } from './samples.ts';

const T0 = Date.parse('2026-11-23T09:00:00Z');
const maintenance = (given: Partial<Maintenance> = {}): Maintenance => ({
  ...{ id: 'mnt-1', context: 'prod', scope: {}, reason: 'new disks', by: 'kim' },
  ...{ from: '2026-11-23T08:00:00.000Z', until: '2026-11-23T10:00:00.000Z', at: '2026-11-23T07:00:00.000Z' },
  ...given,
});
const covered = (scope: Maintenance['scope']) =>
  [
    ['Deployment/shop/web'],
    ['Pod/shop/web-1', 'Deployment/shop/web'],
    ['Pod/shop/other-1', 'Deployment/shop/other'],
    ['ConfigMap/shop/settings', 'Deployment/shop/web'],
    ['Deployment/office/web'],
    ['Node/worker-3', 'Deployment/shop/web'],
  ].flatMap(([resource = '', ...affects]) => (isCovered({ scope }, at(resource), affects.map(at)) ? [resource] : []));

test('a cluster is all of it, a namespace what lies in it, an object it and what it makes; a cause elsewhere is not covered', () => {
  expect(covered({})).toHaveLength(6);
  expect(covered({ namespace: 'office' })).toEqual(['Deployment/office/web']);
  expect(covered({ namespace: 'shop', object: { kind: 'Deployment', name: 'web' } })).toEqual(['Deployment/shop/web', 'Pod/shop/web-1']);
  expect(covered({ object: { kind: 'Node', name: 'worker-3' } })).toEqual(['Node/worker-3']);
});

test('it holds from its beginning up to its end, and of hours that come again only in them', () => {
  const nightly = maintenance({ until: null, window: { from: '22:00', to: '02:00', timezone: 'UTC' } });
  const hours = [7, 8, 9, 10, 22, 25, 26].map((h) => Date.parse('2026-11-23T00:00:00Z') + h * 3_600_000);
  expect(hours.map((now) => isMaintenanceActive(maintenance(), now))).toEqual([false, true, true, false, false, false, false]);
  expect(hours.map((now) => isMaintenanceActive(nightly, now))).toEqual([false, false, false, false, true, true, false]);
});

test('the mark says who and why, and only in its own cluster', () => {
  const found = (context: string) => maintenanceOf([maintenance()], { context, resource: at('Deployment/web') }, T0);
  expect([found('prod'), found('test')]).toEqual([
    { id: 'mnt-1', reason: 'new disks', by: 'kim', until: '2026-11-23T10:00:00.000Z' },
    undefined,
  ]);
});
