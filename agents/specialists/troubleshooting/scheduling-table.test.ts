import { expect, test } from 'vitest';
import { type KubeObject, isKind, project } from '../../contract/index.ts';
import { ObjectStore } from '../../core/view.ts';
import { workload } from '../testing/cluster.ts';
import { REFUSED, RUNNING, node, pod } from '../testing/places.ts';
import type { SchedulingKind } from './scheduling-kinds.ts';
import { stuckWorkloads } from './scheduling.ts';

type Raw = Record<string, unknown>;

function stuckIn(objects: readonly Raw[]) {
  const projected = objects.flatMap((o): KubeObject[] =>
    typeof o['kind'] === 'string' && isKind(o['kind']) ? [project(o['kind'], o)] : [],
  );
  return stuckWorkloads(new ObjectStore('test', projected).view<SchedulingKind>());
}
const asks = (cpu: string, more: Raw = {}) => ({
  nodeName: undefined,
  containers: [{ name: 'app', resources: { requests: { cpu } } }],
  ...more,
});
const taints = [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }];

test('says of each node all that is against it, in the order of the scheduler, and the least that would do', () => {
  const [stuck] = stuckIn([
    node('a', { spec: { taints } }),
    node('b', { spec: { unschedulable: true, taints } }),
    node('c', { labels: { disk: 'ssd' } }),
    node('d', { spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] } }),
    node('e', { labels: { disk: 'ssd' }, allocatable: { cpu: '1', memory: '8Gi', pods: '110' } }),
    pod('tenant', { ...asks('2500m'), nodeName: 'c' }, RUNNING),
    ...workload({ name: 'web', spec: asks('2', { nodeSelector: { disk: 'ssd' } }), status: REFUSED }),
  ]);
  expect(stuck?.nodes()).toEqual({
    text:
      'a: taint dedicated=gpu:NoSchedule, no label disk=ssd; b: cordoned, taint dedicated=gpu:NoSchedule, no label disk=ssd; ' +
      'c: short of 500m cpu; d: node is not-ready, no label disk=ssd; e: short of 1 cpu',
    change: 'ask for 1500m of cpu instead of 2 (for c)',
  });
});

test('many nodes are counted by what is against them', () => {
  const nodes = Array.from({ length: 60 }, (_, i) => node(`n-${String(i).padStart(2, '0')}`, i < 50 ? { spec: { taints } } : {}));
  const full = Array.from({ length: 10 }, (_, i) => pod(`tenant-${i}`, { ...asks(`${3000 + i}m`), nodeName: `n-${50 + i}` }, RUNNING));
  const [stuck] = stuckIn([...nodes, ...full, ...workload({ name: 'web', spec: asks('2'), status: REFUSED })]);
  expect(stuck?.nodes().text).toBe('50 nodes (n-00, …): taint dedicated=gpu:NoSchedule; 10 nodes (n-50, …): short of cpu');
  expect(stuck?.nodes().change).toBe('tolerate dedicated=gpu:NoSchedule (for n-00)');
});

test('hundreds of stuck workloads on thousands of nodes are no matter of seconds', () => {
  const nodes = Array.from({ length: 5_000 }, (_, i) =>
    node(`n-${i}`, { labels: { zone: `z${i % 3}` }, ...(i % 2 === 0 ? { spec: { taints } } : {}) }),
  );
  const waiting = Array.from({ length: 300 }, (_, i) =>
    workload({ name: `w-${i}`, spec: asks(`${(i % 30) + 5}`, i % 3 === 0 ? { nodeSelector: { zone: 'none' } } : {}), status: REFUSED }),
  ).flat();
  const objects = [...nodes, ...waiting].flatMap((o): KubeObject[] => [project(o['kind'] as 'Pod', o)]);
  const view = new ObjectStore('test', objects).view<SchedulingKind>();
  const begun = process.cpuUsage();
  const stuck = stuckWorkloads(view);
  for (const s of stuck) s.nodes();
  const { user, system } = process.cpuUsage(begun);
  expect(stuck).toHaveLength(300);
  expect((user + system) / 1000).toBeLessThan(2_000);
});
