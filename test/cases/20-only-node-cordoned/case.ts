import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

/** proves: the cordon is found, and lifting it is proposed; it is not lifted, for the node is an object without a kubelet */
export const CASE: FaultCase = {
  id: '20-only-node-cordoned',
  family: 20,
  title: 'The only node it may run on was cordoned and forgotten',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('archiver'),
  expect: {
    codes: ['SCH-004'],
    kind: 'Node',
    name: 'qd-case-20-idle',
    field: 'spec.unschedulable',
    mentions: ['cordoned', 'qd-case-20-idle'],
  },
  repair: null,
  proposes: ['patch'],
};
