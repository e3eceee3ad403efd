import { expect, test } from 'vitest';
import { PodSpecSchema } from '../../contract/index.ts';
import { formatAmount, heaviest, podAmounts } from './pod-requests.ts';

const resources = (requests: object, limits: object = {}) => ({ resources: { requests, limits } });
const spec = PodSpecSchema.parse({
  initContainers: [
    { name: 'proxy', restartPolicy: 'Always', ...resources({ cpu: '100m', memory: '64Mi' }) },
    { name: 'migrate', ...resources({ cpu: '2', memory: '32Mi' }) },
  ],
  containers: [
    { name: 'web', ...resources({ cpu: '250m' }, { cpu: '1', memory: '128Mi' }) },
    { name: 'log', ...resources({}) },
  ],
  overhead: { memory: '16Mi' },
});

test('a pod asks for its containers with the sidecars, or for an init container with those started before it', () => {
  const mi = 2 ** 20;
  expect(podAmounts(spec)).toEqual({ cpu: 2.1, memory: (64 + 128 + 16) * mi });
  expect(podAmounts(spec, 'limits')).toEqual({ cpu: 1, memory: (128 + 16) * mi });
});

test('the container to change is the one that weighs most', () => {
  expect(heaviest(spec, 'spec.template.spec', 'cpu')?.path).toBe('spec.template.spec.initContainers[1]');
  expect(heaviest(spec, 'spec', 'memory')?.path).toBe('spec.containers[0]');
  expect(heaviest(spec, 'spec', 'nvidia.com/gpu')).toBeUndefined();
});

test('amounts are written as people write them', () => {
  const written = [
    formatAmount('cpu', 0.25),
    formatAmount('memory', 3 * 2 ** 30),
    formatAmount('memory', 2048),
    formatAmount('memory', 0),
    formatAmount('nvidia.com/gpu', 2),
  ];
  expect(written).toEqual(['250m', '3Gi', '2Ki', '0', '2']);
});
