import type { FaultCase } from '../case.ts';
import { at, podsOf, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '24-scheduler-nobody-is',
  family: 24,
  title: 'A pod waits for a scheduler that does not exist',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: (seen) => podsOf(seen, 'sorter').some((pod) => at(pod, 'spec.nodeName') === undefined),
  expect: {
    codes: ['SCH-017'],
    kind: 'Deployment',
    name: 'sorter',
    field: 'spec.template.spec.schedulerName',
    mentions: ['qd-case-batch-scheduler', 'default-scheduler'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'sorter') },
};
