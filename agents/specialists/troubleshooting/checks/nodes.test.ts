import { expect, test } from 'vitest';
import { container, examine, workload } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { nodeClockWrong } from './node-clock-wrong.ts';
import { nodeNetworkUnavailable } from './node-network-unavailable.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { nodeReportsAProblem } from './node-reports-a-problem.ts';
import { nodeUnderPressure } from './node-under-pressure.ts';

type Raw = Record<string, unknown>;
const CHECKS = [nodeNotReady, nodeUnderPressure, nodeNetworkUnavailable, nodeClockWrong];
const READY = { type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: '2026-03-01T08:00:00Z' };
const node = (...conditions: Raw[]): Raw => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', creationTimestamp: '2026-03-01T07:00:00Z' },
  spec: {},
  status: { conditions },
});
const OK = {
  phase: 'Running',
  startTime: '2026-03-01T11:00:01Z',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', { running: {} }, { ready: true })],
};
const web = (status: Raw = OK, kind: 'Deployment' | 'DaemonSet' | 'Pod' = 'Deployment') =>
  workload({ kind, name: 'web', spec: { containers: [{ name: 'app', image: 'a' }] }, status });
const words = (...objects: Raw[]) => told(examine(CHECKS, [correctValue], objects));

test('a ready node without pressure is well, and so is one that has just joined or whose kubelet was restarted', () => {
  const starting = {
    type: 'Ready',
    status: 'False',
    reason: 'KubeletNotReady',
    message: 'container runtime is down',
    lastTransitionTime: '2026-03-01T11:59:55Z',
  };
  expect(words(node(READY, { type: 'MemoryPressure', status: 'False' }), ...web())).toEqual([]);
  expect(words(node(starting), ...web())).toEqual([]);
});

test('a kubelet that is not heard of, and one that says why it is not ready', () => {
  const silent = {
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: '2026-03-01T11:58:00Z',
  };
  const report = examine(CHECKS, [correctValue], [node(silent), ...web()]);
  expect(told(report)).toEqual([
    'NOD-001 Node/node-1 status.conditions[Ready] affects web-r1-x: the node is not ready since 2026-03-01T11:58:00.000Z: its kubelet has not been heard of (stopped, or the machine or its network is down); 1 pod is on it',
  ]);
  expect(Object.values(advised(report))[0]).toContain('whether its kubelet runs');
  const says = { ...silent, status: 'False', reason: 'KubeletNotReady', message: 'cni plugin not initialized' };
  expect(words(node(says), ...web(OK, 'DaemonSet'))[0]).toContain('cni plugin not initialized; 1 pod is on it');
});

test.each(['MemoryPressure', 'DiskPressure', 'PIDPressure'])(
  '%s, with the pods it has evicted lately, however long those had run',
  (type) => {
    const evicted = (at: string) => ({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'The node was low on resource: ephemeral-storage.',
      startTime: '2026-02-20T00:00:00Z',
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', lastTransitionTime: at }],
    });
    const pressed = node(READY, {
      type,
      status: 'True',
      reason: 'KubeletHas',
      message: `kubelet has ${type}`,
      lastTransitionTime: '2026-03-01T11:50:00Z',
    });
    const [lately] = words(pressed, ...web(evicted('2026-03-01T11:51:00Z')));
    expect(lately).toContain(`NOD-002 Node/node-1 status.conditions[${type}] affects web-r1-x`);
    expect(lately).toContain('and has evicted 1 pod');
    expect(words(pressed, ...web(evicted('2026-02-21T00:00:00Z')))[0]).not.toContain('evicted');
  },
);

test('a network that is not set up', () => {
  const bad = {
    type: 'NetworkUnavailable',
    status: 'True',
    reason: 'NoRouteCreated',
    message: 'RouteController failed to create a route',
    lastTransitionTime: '2026-03-01T11:30:00Z',
  };
  expect(words(node(READY, bad), ...web(OK, 'Pod'))[0]).toContain(
    'NOD-003 Node/node-1 status.conditions[NetworkUnavailable] affects web: the network of the node is not set up: RouteController',
  );
  expect(words(node(READY, { ...bad, lastTransitionTime: '2026-03-01T11:59:00Z' }))).toEqual([]);
});

test('pods that started before they were made show a clock that is behind; static pods do not', () => {
  const early = web({ ...OK, startTime: '2026-03-01T10:58:00Z' });
  expect(words(node(READY), ...early)[0]).toBe(
    'NOD-004 Node/node-1 -: the clock of the node is at least 120 s behind that of the API server',
  );
  const mirror = early.map((o) => ({ ...o, metadata: { ...(o['metadata'] as Raw), annotations: { 'kubernetes.io/config.mirror': 'x' } } }));
  expect(words(node(READY), ...mirror)).toEqual([]);
  expect(words(node({ ...READY, lastTransitionTime: '2026-03-01T12:05:00Z' }))[0]).toContain('300 s ahead of ours');
});

test('a trouble that others than the kubelet report of a machine is quoted; conditions that are good when True, or False, are not', () => {
  const named = (name: string, ...conditions: Raw[]): Raw => ({ ...node(READY, ...conditions), metadata: { name } });
  const report = examine(
    [nodeReportsAProblem],
    [correctValue],
    [
      named('hangs', { type: 'KernelDeadlock', status: 'True', reason: 'TaskHung', message: 'task blocked for 120 s' }),
      named('restarts', { type: 'FrequentRuntimeRestart', status: 'True', reason: 'Restarts' }),
      named('votes', { type: 'EtcdIsVoter', status: 'True', reason: 'MemberNotLearner' }, { type: 'Schedulable', status: 'True' }),
      named('sound', { type: 'ReadonlyFilesystem', status: 'False', reason: 'NotReadOnly', message: 'is not read-only' }),
    ],
    () => ({ ok: true, value: { events: [] } }),
  );
  expect(told(report)).toEqual([
    'NOD-007 Node/hangs status.conditions[KernelDeadlock]: the node is reported to have KernelDeadlock: task blocked for 120 s',
    'NOD-007 Node/restarts status.conditions[FrequentRuntimeRestart]: the node is reported to have FrequentRuntimeRestart: Restarts',
  ]);
  expect(advised(report)['NOD-007 Node/hangs']).toMatch(/cordon and drain node hangs/i);
});
