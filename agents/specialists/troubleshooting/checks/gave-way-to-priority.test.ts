import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, changed, node, pod } from '../../testing/places.ts';
import { told } from '../../testing/told.ts';
import { gaveWayToPriority } from './gave-way-to-priority.ts';
import { requestLargerThanWhatIsFree } from './request-larger-than-what-is-free.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([gaveWayToPriority, requestLargerThanWhatIsFree], [], objects);
const asks = (cpu: string, more: object = {}) => ({ containers: [{ name: 'app', resources: { requests: { cpu } } }], ...more });
const at = (seconds: number) => `2026-03-01T11:30:${String(seconds).padStart(2, '0')}Z`;
const waiting = (kind: 'Deployment' | 'StatefulSet' = 'Deployment') => {
  const made = workload({ kind, name: 'report', spec: asks('3', { nodeName: undefined }), status: REFUSED });
  const name = kind === 'Deployment' ? 'report-r1-x' : 'report-0';
  return changed(made, 'Pod', name, (p) => ({ ...p, metadata: { ...(p['metadata'] as object), creationTimestamp: at(2) } }));
};
const urgent = (more: object, createdAt = at(1)) =>
  pod('urgent', { ...asks('3'), nodeName: 'node-1', priority: 1000, priorityClassName: 'urgent', ...more }, RUNNING, { createdAt });

test('names who took the place, in place of what is short', () => {
  for (const kind of ['Deployment', 'StatefulSet'] as const) {
    const [only, ...more] = told(look(node('node-1'), urgent({}), ...waiting(kind)));
    expect(more).toEqual([]);
    expect(only).toContain(`SCH-015 ${kind}/shop/report spec.template.spec.priorityClassName`);
    expect(only).toContain('Pod shop/urgent (priority 1000, class urgent) took its place on node-1, and it has only priority 0');
  }
});

test('room that was never its own, that an equal has, or that the cluster’s parts have is a matter of room', () => {
  const codes = (o: ReturnType<typeof urgent>) => told(look(node('node-1'), o, ...waiting())).map((t) => t.slice(0, 7));
  expect(codes(urgent({}, '2026-03-01T10:00:00Z'))).toEqual(['SCH-006']);
  expect(codes(urgent({ priority: 0 }))).toEqual(['SCH-006']);
  expect(codes(urgent({ priority: 2_000_001_000 }))).toEqual(['SCH-006']);
});
