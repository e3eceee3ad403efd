import type { FaultCase } from '../case.ts';
import { rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '19-rollout-stands-in-its-own-way',
  family: 19,
  title: 'A new pod must be apart from the old one, which stays until the new one is ready',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('beacon'),
  expect: {
    codes: ['SCH-012'],
    kind: 'Deployment',
    name: 'beacon',
    field: 'spec.strategy.rollingUpdate.maxUnavailable',
    mentions: ['earlier pods', 'maxUnavailable'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'beacon') },
};
