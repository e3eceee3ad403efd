import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { reduceRequest } from '../remedies/reduce-request.ts';
import { requestLargerThanWhatIsFree } from './request-larger-than-what-is-free.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [requestLargerThanWhatIsFree], remedies: [reduceRequest] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('says what is free now and lowers the request so that all waiting pods fit', () => {
  const report = read('requests');
  expect(told(report)).toEqual([
    'SCH-006 Deployment/shop/two-waiting spec.template.spec.containers[0].resources.requests.cpu affects two-waiting-5d8f-p0, two-waiting-5d8f-p1: 2 pods cannot be placed: each asks for 1500m of cpu, and the node with the most left, node-2, has 1 free of 4; most of it is asked for by Deployment busy/tenant (3). The smallest change: ask for 1 of cpu instead of 1500m (for node-2)',
    'SCH-006 StatefulSet/shop/what-is-left spec.template.spec.containers[0].resources.requests.cpu affects what-is-left-0: 1 pod cannot be placed: each asks for 1500m of cpu, and the node with the most left, node-2, has 1 free of 4; most of it is asked for by Deployment busy/tenant (3). The smallest change: ask for 1 of cpu instead of 1500m (for node-2)',
  ]);
  expect(planned(report)).toEqual({
    'SCH-006 Deployment/shop/two-waiting': [
      'Lower the request: cpu of container app from 1500m to 500m',
      'patch Deployment/shop/two-waiting test /spec/template/spec/containers/0/resources/requests/cpu "1500m"; replace /spec/template/spec/containers/0/resources/requests/cpu "500m"',
    ],
    'SCH-006 StatefulSet/shop/what-is-left': [
      'Lower the request: cpu of container app from 1500m to 1',
      'patch StatefulSet/shop/what-is-left test /spec/template/spec/containers/0/resources/requests/cpu "1500m"; replace /spec/template/spec/containers/0/resources/requests/cpu "1"',
      'delete Pod/shop/what-is-left-0',
    ],
  });
  expect(advised(report)).toEqual({
    'SCH-006 Deployment/shop/two-waiting':
      'Add a node large enough, free room on the nodes by lowering what others ask for, or lower spec.template.spec.containers[0].resources.requests.cpu.',
    'SCH-006 StatefulSet/shop/what-is-left':
      'Add a node large enough, free room on the nodes by lowering what others ask for, or lower spec.template.spec.containers[0].resources.requests.cpu.',
  });
});

test('waits for pods that are ending', () => {
  const report = read('room-on-its-way');
  expect(told(report)).toEqual([]);
  expect(planned(report)).toEqual({});
  expect(advised(report)).toEqual({});
});
