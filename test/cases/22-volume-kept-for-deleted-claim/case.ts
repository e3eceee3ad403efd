import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-volume-kept-for-deleted-claim',
  family: 22,
  title: 'The volume that fits still belongs to a claim that was deleted',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('purser'),
  expect: {
    codes: ['VOL-005'],
    kind: 'PersistentVolumeClaim',
    name: 'purser',
    mentions: ['qd-case-22-kept', 'Released', 'qd-case-22-earlier'],
  },
  repair: null,
  advice: ['claimRef', 'qd-case-22-kept'],
};
