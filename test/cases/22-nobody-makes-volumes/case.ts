import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-nobody-makes-volumes',
  family: 22,
  title: 'The class names a provisioner that nobody runs',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('photos'),
  expect: {
    codes: ['VOL-007'],
    kind: 'StorageClass',
    name: 'qd-case-22-nobody',
    field: 'provisioner',
    mentions: ['disk.qd-case.example', 'photos'],
  },
  repair: null,
  advice: ['disk.qd-case.example'],
};
