import { expect, test } from 'vitest';
import { project } from '../../contract/index.ts';
import { askedOf, inScope, podSide, readRefusal, scopeWords } from './quota.ts';

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

test('a quota counts the pods of its scopes alone', () => {
  const quota = (spec: object) => project('ResourceQuota', { metadata: { name: 'q', namespace: 'shop' }, spec: { hard: {}, ...spec } });
  const spec = (more: object) => project('Pod', { metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }], ...more } }).spec;
  const asks = { containers: [{ name: 'a', resources: { requests: { cpu: '1' } } }] };
  const high = { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } };
  expect(inScope(quota(high), spec({ priorityClassName: 'high' }))).toBe(true);
  expect(inScope(quota(high), spec({}))).toBe(false);
  expect([inScope(quota({ scopes: ['BestEffort'] }), spec({})), inScope(quota({ scopes: ['BestEffort'] }), spec(asks))]).toEqual([
    true,
    false,
  ]);
  expect(inScope(quota({ scopes: ['Terminating'] }), spec({ activeDeadlineSeconds: 5 }))).toBe(true);
  expect(inScope(quota({ scopes: ['NotTerminating', 'NotBestEffort'] }), spec(asks))).toBe(true);
  expect(scopeWords(quota(high))).toBe(' (for PriorityClass high only)');
});

test('a refused claim asks what the refusal says, not what a pod would', () => {
  const { spec } = project('Pod', {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'a', resources: { requests: { cpu: '1' } } }] },
  });
  expect(askedOf(spec, ['requests.cpu', 'requests.storage'], { 'requests.storage': '2' })).toEqual({
    'requests.cpu': 0,
    'requests.storage': 2,
  });
  expect(askedOf(spec, ['requests.cpu', 'persistentvolumeclaims'], { 'requests.cpu': '1' })).toEqual({ 'requests.cpu': 1 });
});
