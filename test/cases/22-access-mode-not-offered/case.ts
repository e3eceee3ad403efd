import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-access-mode-not-offered',
  family: 22,
  title: 'A claim asks for an access mode that no volume offers',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('gallery'),
  expect: {
    codes: ['VOL-004'],
    kind: 'PersistentVolumeClaim',
    name: 'shared',
    field: 'spec.accessModes',
    mentions: ['ReadWriteMany', 'ReadWriteOnce', 'qd-case-22-single'],
  },
  repair: null,
  advice: ['ReadWriteMany'],
};
