import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '67-custom-resource-says-why',
  family: 67,
  title: 'An object of a kind nobody knows says itself that it is not well; its neighbour is',
  bystanders: [{ kind: 'Deployment', name: 'meadow' }],
  visible: rolledOut('Deployment', 'meadow'),
  expect: {
    codes: ['CRX-001'],
    kind: 'Irrigation',
    name: 'north-field',
    field: 'status.conditions[type=Ready]',
    mentions: ['not Ready', 'PumpRefused', 'its most is 25'],
  },
  hiddenWithout: ['irrigations'],
  repair: null,
};
