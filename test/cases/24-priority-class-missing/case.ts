import type { FaultCase } from '../case.ts';
import { creationRefused, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '24-priority-class-missing',
  family: 24,
  title: 'A change names a PriorityClass that does not exist',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: creationRefused('Deployment', 'courier'),
  expect: {
    codes: ['ADM-005'],
    kind: 'Deployment',
    name: 'courier',
    field: 'spec.template.spec.priorityClassName',
    mentions: ['qd-case-24-absent', 'PriorityClass'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'courier') },
};
