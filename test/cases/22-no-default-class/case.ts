import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-no-default-class',
  family: 22,
  title: 'A claim names no class and the cluster has no default',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('uploads'),
  expect: {
    codes: ['VOL-003'],
    kind: 'PersistentVolumeClaim',
    name: 'uploads',
    field: 'spec.storageClassName',
    mentions: ['uploads', 'no StorageClass is the default'],
  },
  repair: null,
  // Other cases make classes: with exactly one there is a plan.
  alone: true,
};
