import { expect, test } from 'vitest';
import { podSide, readRefusal } from './quota.ts';

test('refusals of a quota are read, those of others are not', () => {
  const texts = [
    'pods "web-7c-x" is forbidden: exceeded quota: compute, requested: requests.cpu=1,pods=1, used: requests.cpu=2,pods=5, limited: requests.cpu=2,pods=5',
    'Error creating: pods "x" is forbidden: failed quota: memory: must specify limits.memory for: app,log; requests.memory for: app',
    'pods "x" is forbidden: failed quota: old: must specify limits.cpu,requests.cpu',
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": quota',
    '',
  ];
  expect(texts.map(readRefusal)).toEqual([
    { kind: 'exceeded', quota: 'compute', requested: { 'requests.cpu': '1', pods: '1' } },
    { kind: 'unspecified', quota: 'memory', resources: ['limits.memory', 'requests.memory'] },
    { kind: 'unspecified', quota: 'old', resources: ['limits.cpu', 'requests.cpu'] },
    undefined,
    undefined,
  ]);
});

test('what a key of a quota counts of a pod', () => {
  expect(['cpu', 'limits.memory', 'requests.nvidia.com/gpu', 'pods', 'count/deployments.apps', 'services'].map(podSide)).toEqual([
    { side: 'requests', resource: 'cpu' },
    { side: 'limits', resource: 'memory' },
    { side: 'requests', resource: 'nvidia.com/gpu' },
    null,
    null,
    null,
  ]);
});
