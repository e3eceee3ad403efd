import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, node, pod } from '../../testing/places.ts';
import { planned, told } from '../../testing/told.ts';
import { correctPodAffinity } from '../remedies/correct-pod-affinity.ts';
import { noPodToBeNear } from './no-pod-to-be-near.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([noPodToBeNear], [correctPodAffinity], objects);
const near = (app: string) => ({
  nodeName: undefined,
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' }],
    },
  },
  containers: [{ name: 'app' }],
});
const cache = pod('cache-0', { nodeName: 'node-1', containers: [] }, RUNNING, { labels: { app: 'cache' } });

test('asks for the label that pods have', () => {
  const report = look(node('node-1'), cache, ...workload({ name: 'web', spec: near('cahce'), status: REFUSED }));
  expect(told(report)).toEqual([
    'SCH-013 Deployment/shop/web spec.template.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels.app affects web-r1-x: 1 pod cannot be placed: it must be near a pod labelled app=cahce, and no such pod is on a node; pods have app=cache',
  ]);
  expect(planned(report)['SCH-013 Deployment/shop/web']?.[1]).toContain(
    'replace /spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector/matchLabels/app "cache"',
  );
});

test('silent where such a pod is there, and for the first of a group that wants to be together', () => {
  expect(told(look(node('node-1'), cache, ...workload({ name: 'web', spec: near('cache'), status: REFUSED })))).toEqual([]);
  expect(told(look(node('node-1'), ...workload({ name: 'web', spec: near('web'), status: REFUSED })))).toEqual([]);
});
