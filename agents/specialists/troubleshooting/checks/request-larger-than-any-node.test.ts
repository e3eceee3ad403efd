import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { reduceRequest } from '../remedies/reduce-request.ts';
import { requestLargerThanAnyNode } from './request-larger-than-any-node.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [requestLargerThanAnyNode], remedies: [reduceRequest] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('counts init containers and limits as requests, knows a slipped unit, and lowers no devices', () => {
  const report = read('requests');
  expect(told(report)).toEqual([
    'SCH-005 DaemonSet/shop/gpu spec.template.spec.containers[0].resources.requests["nvidia.com/gpu"] affects gpu-p0: 1 pod cannot be placed: each asks for 1 of nvidia.com/gpu, and the largest node it may run on, node-1, has 0 to give. The smallest change: add a node with 1 of nvidia.com/gpu. No node offers nvidia.com/gpu: nowhere does the device plugin run that would, or there is no such device',
    'SCH-005 Deployment/shop/cpu-slip spec.template.spec.containers[0].resources.requests.cpu affects cpu-slip-5d8f-p0: 1 pod cannot be placed: each asks for 500 of cpu, and the largest node it may run on, node-1, has 4 to give. The smallest change: add a node with 500 of cpu',
    'SCH-005 Deployment/shop/from-limit spec.template.spec.containers[0].resources.limits.memory affects from-limit-5d8f-p0: 1 pod cannot be placed: each asks for 9Gi of memory, and the largest node it may run on, node-1, has 8Gi to give. The smallest change: ask for 8Gi of memory instead of 9Gi (for node-1)',
    'SCH-005 Deployment/shop/init-heavy spec.template.spec.initContainers[0].resources.requests.cpu affects init-heavy-5d8f-p0: 1 pod cannot be placed: each asks for 6 of cpu, and the largest node it may run on, node-1, has 4 to give. The smallest change: ask for 4 of cpu instead of 6 (for node-1)',
    'SCH-005 Deployment/shop/memory-large spec.template.spec.containers[0].resources.requests.memory affects memory-large-5d8f-p0: 1 pod cannot be placed: each asks for 12Gi of memory, and the largest node it may run on, node-1, has 8Gi to give. The smallest change: ask for 8Gi of memory instead of 12Gi (for node-1)',
  ]);
  expect(planned(report)).toEqual({
    'SCH-005 Deployment/shop/cpu-slip': [
      'Lower the request: cpu of container app from 500 to 500m',
      'patch Deployment/shop/cpu-slip test /spec/template/spec/containers/0/resources/requests/cpu "500"; replace /spec/template/spec/containers/0/resources/requests/cpu "500m"',
    ],
    'SCH-005 Deployment/shop/from-limit': [
      'Lower the request: memory of container app from 9Gi to 6Gi',
      'patch Deployment/shop/from-limit add /spec/template/spec/containers/0/resources/requests {"memory":"6Gi"}',
    ],
    'SCH-005 Deployment/shop/init-heavy': [
      'Lower the request: cpu of container prepare from 6 to 1',
      'patch Deployment/shop/init-heavy test /spec/template/spec/initContainers/0/resources/requests/cpu "6"; replace /spec/template/spec/initContainers/0/resources/requests/cpu "1"',
    ],
    'SCH-005 Deployment/shop/memory-large': [
      'Lower the request: memory of container app from 12Gi to 6Gi',
      'patch Deployment/shop/memory-large test /spec/template/spec/containers/0/resources/requests/memory "12Gi"; replace /spec/template/spec/containers/0/resources/requests/memory "6Gi"',
    ],
  });
  expect(advised(report)).toEqual({
    'SCH-005 DaemonSet/shop/gpu':
      'see that a node has such a device, with its driver, and that the device plugin for nvidia.com/gpu (a DaemonSet that mounts /var/lib/kubelet/device-plugins) runs there; or ask for a resource that nodes offer',
    'SCH-005 Deployment/shop/cpu-slip':
      'Add a node large enough, free room on the nodes by lowering what others ask for, or lower spec.template.spec.containers[0].resources.requests.cpu.',
    'SCH-005 Deployment/shop/from-limit':
      'Add a node large enough, free room on the nodes by lowering what others ask for, or lower spec.template.spec.containers[0].resources.limits.memory.',
    'SCH-005 Deployment/shop/init-heavy':
      'Add a node large enough, free room on the nodes by lowering what others ask for, or lower spec.template.spec.initContainers[0].resources.requests.cpu.',
    'SCH-005 Deployment/shop/memory-large':
      'Add a node large enough, free room on the nodes by lowering what others ask for, or lower spec.template.spec.containers[0].resources.requests.memory.',
  });
});
