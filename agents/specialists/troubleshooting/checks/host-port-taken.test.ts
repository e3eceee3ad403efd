import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, changed, node, ownedBy, pod } from '../../testing/places.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { stopOldPodsFirst } from '../remedies/stop-old-pods-first.ts';
import { hostPortTaken } from './host-port-taken.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([hostPortTaken], [stopOldPodsFirst], objects);
const wants = (port: number, more: object = {}) => ({
  nodeName: undefined,
  containers: [{ name: 'app', ports: [{ containerPort: 80, hostPort: port, ...more }] }],
});
const holds = (port: number, more: object = {}) => ({
  nodeName: 'node-1',
  containers: [{ name: 'app', ports: [{ containerPort: 80, hostPort: port, ...more }] }],
});

test('names the pod that holds the port, on every node that would do otherwise', () => {
  const report = look(
    node('node-1'),
    node('node-2', { spec: { unschedulable: true } }),
    ...workload({ name: 'edge', spec: wants(8443), status: REFUSED }),
    pod('proxy', holds(8443), RUNNING, { namespace: 'infra' }),
  );
  // The cordoned node would take it: the cordon is to blame, not the port.
  expect(told(report)).toEqual([]);
  const alone = look(
    node('node-1'),
    ...workload({ name: 'edge', spec: wants(8443), status: REFUSED }),
    pod('proxy', holds(8443), RUNNING, { namespace: 'infra' }),
  );
  expect(told(alone)).toEqual([
    'SCH-011 Deployment/shop/edge spec.template.spec.containers[0].ports[0].hostPort affects edge-r1-x: 1 pod cannot be placed: host port 8443 is taken on node-1: Pod infra/proxy holds it. The smallest change: free host port 8443 of node-1',
  ]);
  expect(planned(alone)).toEqual({});
  expect(Object.keys(advised(alone))).toEqual(['SCH-011 Deployment/shop/edge']);
});

test('a sidecar asks for the port too; another protocol, another address or an ended pod is no conflict', () => {
  const sidecar = {
    nodeName: undefined,
    containers: [{ name: 'app' }],
    initContainers: [{ name: 'side', restartPolicy: 'Always', ports: [{ containerPort: 1, hostPort: 53 }] }],
  };
  const of = (other: object) =>
    look(
      node('node-1'),
      ...workload({ kind: 'StatefulSet', name: 'dns', spec: sidecar, status: REFUSED }),
      other as Record<string, unknown>,
    );
  expect(told(of(pod('other', holds(53))))).toHaveLength(1);
  expect(told(of(pod('other', holds(53, { protocol: 'UDP' }))))).toEqual([]);
  expect(told(of(pod('other', holds(54))))).toEqual([]);
  expect(told(of(pod('other', holds(53), { phase: 'Succeeded' })))).toEqual([]);
  expect(told(of(pod('other', holds(53), RUNNING, { deletedAt: '2026-03-01T11:59:00Z' })))).toEqual([]);
});

test('a rollout whose old pod holds the port for the new one is let go of first', () => {
  const spec = wants(9000);
  const before = { ...spec, containers: [{ ...spec.containers[0], image: 'old' }] };
  const objects = [
    node('node-1'),
    ...changed(workload({ name: 'edge', spec, earlier: [before], status: REFUSED }), 'Deployment', 'edge', (d) => ({
      ...d,
      spec: { ...(d['spec'] as object), strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } } },
    })),
    pod('edge-r1-y', holds(9000), RUNNING, { labels: { app: 'edge' }, owner: ownedBy('ReplicaSet', 'edge-r1') }),
  ];
  const report = look(...objects);
  expect(told(report)[0]).toMatch(
    /^SCH-011 Deployment\/shop\/edge spec\.strategy\.rollingUpdate\.maxUnavailable .*its own earlier pods hold it/,
  );
  expect(planned(report)).toEqual({
    'SCH-011 Deployment/shop/edge': [
      'Let the rollout of Deployment edge stop one old pod first (maxUnavailable 1)',
      'patch Deployment/shop/edge test /spec/strategy/rollingUpdate/maxUnavailable "25%"; replace /spec/strategy/rollingUpdate/maxUnavailable 1',
    ],
  });
});
