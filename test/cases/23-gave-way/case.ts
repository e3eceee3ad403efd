import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

/** proves: preemption itself; over a host port, so that the node need not be filled */
export const CASE: FaultCase = {
  id: '23-gave-way',
  family: 23,
  title: 'A pod of a higher priority took the place of another',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('digest'),
  expect: {
    codes: ['SCH-015'],
    kind: 'Deployment',
    name: 'digest',
    field: 'spec.template.spec.priorityClassName',
    mentions: ['alarm', '90000', 'qd-case-23-urgent'],
  },
  repair: null,
  advice: ['PriorityClass'],
};
