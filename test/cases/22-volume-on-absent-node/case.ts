import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-volume-on-absent-node',
  family: 22,
  title: 'The volume is on a node that is no more',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('accounts'),
  expect: {
    codes: ['VOL-006', 'VOL-004'],
    kind: 'PersistentVolumeClaim',
    name: 'ledger-data',
    mentions: ['qd-case-22-far', 'qd-case-22-retired'],
  },
  repair: null,
  advice: ['qd-case-22-far'],
};
