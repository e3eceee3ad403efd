import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { node, pod } from '../../testing/places.ts';
import { advised, told } from '../../testing/told.ts';
import { decideAboutPlace } from '../remedies/decide-about-place.ts';
import { schedulingGateLeft } from './scheduling-gate-left.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([schedulingGateLeft], [decideAboutPlace], objects);
const GATED = { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] };
const gated = { nodeName: undefined, schedulingGates: [{ name: 'example.org/review' }], containers: [{ name: 'app' }] };

test('names the gate and where it is written', () => {
  const report = look(node('node-1'), ...workload({ name: 'web', spec: gated, status: GATED }));
  expect(told(report)).toEqual([
    'SCH-016 Deployment/shop/web spec.template.spec.schedulingGates[0].name affects web-r1-x: 1 pod is not scheduled because of the scheduling gate example.org/review; nobody has removed it since 2026-03-01T11:00:00Z',
  ]);
  expect(advised(report)['SCH-016 Deployment/shop/web']).toContain('schedulingGates[0].name');
});

test('silent while it is new, and for a pod that has been let go', () => {
  expect(told(look(node('node-1'), pod('new', gated, GATED, { createdAt: '2026-03-01T11:59:57Z' })))).toEqual([]);
  expect(told(look(node('node-1'), pod('gone', { ...gated, schedulingGates: [], nodeName: 'node-1' })))).toEqual([]);
});
