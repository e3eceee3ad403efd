import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '13-shared-memory-full',
  family: 13,
  title: 'Shared memory is smaller than what a program writes there',
  bystanders: [{ kind: 'Deployment', name: 'granary' }],
  visible: restarted('silo'),
  expect: {
    codes: ['RUN-005'],
    kind: 'Deployment',
    name: 'silo',
    field: 'spec.template.spec.volumes[0].emptyDir.sizeLimit',
    mentions: ['/dev/shm', '1Mi'],
  },
  repair: null,
  advice: ['larger volume'],
};
