import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '50-budget-of-nothing',
  family: 50,
  title: 'A disruption budget selects a label nobody carries',
  bystanders: [{ kind: 'Deployment', name: 'ensemble' }],
  visible: rolledOut('Deployment', 'ensemble'),
  expect: {
    codes: ['PDB-002'],
    kind: 'PodDisruptionBudget',
    name: 'empty-house',
    field: 'spec.selector.matchLabels.app',
    mentions: ['ensembel'],
  },
  repair: { actions: ['patch'], maxRisk: 'high', after: rolledOut('Deployment', 'ensemble') },
};
