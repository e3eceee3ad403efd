import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { RUNNING, node, pod } from '../../testing/places.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { nameAScheduler } from '../remedies/name-a-scheduler.ts';
import { schedulerDoesNotAnswer } from './scheduler-does-not-answer.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([schedulerDoesNotAnswer], [nameAScheduler], objects);
const by = (schedulerName?: string) => ({
  nodeName: undefined,
  ...(schedulerName === undefined ? {} : { schedulerName }),
  containers: [{ name: 'app' }],
});
const placed = pod('placed', { nodeName: 'node-1', schedulerName: 'default-scheduler', containers: [] });

test('names the scheduler nobody is, and the one that places pods', () => {
  const report = look(
    node('node-1'),
    placed,
    ...workload({ name: 'web', spec: by('fast-scheduler'), status: { phase: 'Pending', conditions: [] } }),
  );
  expect(told(report)).toEqual([
    'SCH-017 Deployment/shop/web spec.template.spec.schedulerName affects web-r1-x: 1 pod waits for the scheduler fast-scheduler, and no pod was ever placed by one of that name; pods are placed by default-scheduler',
  ]);
  expect(planned(report)).toEqual({
    'SCH-017 Deployment/shop/web': [
      'Have the pods of Deployment web placed by default-scheduler instead of fast-scheduler',
      'patch Deployment/shop/web test /spec/template/spec/schedulerName "fast-scheduler"; replace /spec/template/spec/schedulerName "default-scheduler"',
    ],
  });
});

test('a bare pod cannot be changed in place', () => {
  const report = look(node('node-1'), placed, pod('alone', by('fast-scheduler'), { phase: 'Pending' }));
  expect(Object.values(advised(report))[0]).toContain('cannot be changed in place');
});

test('where nobody is looked at it is the cluster’s own scheduler', () => {
  const pods = ['a', 'b'].map((name) => pod(name, by(), { phase: 'Pending' }));
  expect(told(look(node('node-1'), ...pods))).toEqual([
    "SCH-017 Namespace/kube-system - affects a, b: the cluster's own scheduler does not look at 2 new pods: nothing has been written about them for over a minute, so kube-scheduler is down or cannot keep up",
  ]);
});

test('silent while pods are new, have been looked at, or are on a node', () => {
  const created = { createdAt: '2026-03-01T11:59:57Z' };
  expect(told(look(pod('new', by('fast-scheduler'), { phase: 'Pending' }, created)))).toEqual([]);
  expect(told(look(pod('old', { ...by('fast-scheduler'), nodeName: 'node-1' }, RUNNING)))).toEqual([]);
});
