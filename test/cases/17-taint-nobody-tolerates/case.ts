import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

/** proves: the reasoning; the node is an object without a kubelet */
export const CASE: FaultCase = {
  id: '17-taint-nobody-tolerates',
  family: 17,
  title: 'The only node it may run on has a taint nobody tolerates',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('renderer'),
  expect: { codes: ['SCH-003'], kind: 'Node', name: 'qd-case-17-held', mentions: ['qd-case-held=maintenance:NoSchedule'] },
  repair: null,
  advice: ['qd-case-held=maintenance:NoSchedule', 'kubectl taint node'],
};
