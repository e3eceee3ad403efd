import type { FaultCase } from '../case.ts';
import { all, bound, rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-storage-class-missing',
  family: 22,
  title: 'A claim names a storage class with two letters swapped',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('archive'),
  expect: {
    codes: ['VOL-002'],
    kind: 'PersistentVolumeClaim',
    name: 'archive',
    field: 'spec.storageClassName',
    mentions: ['qd-case-22-fats', 'qd-case-22-fast'],
  },
  repair: { actions: ['delete', 'create'], maxRisk: 'high', after: all(bound('archive'), rolledOut('Deployment', 'archive')) },
};
