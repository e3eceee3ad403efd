import type { FaultCase } from '../case.ts';
import { at, podsOf, unschedulable } from '../conditions.ts';

/** proves: the cordon is found and lifted, and the pod placed; it cannot start there, for the node is an object without a kubelet */
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
  repair: {
    actions: ['patch'],
    maxRisk: 'high',
    after: (seen) => podsOf(seen, 'archiver').some((pod) => at(pod, 'spec.nodeName') === 'qd-case-20-idle'),
  },
};
