import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '50-budget-allows-no-drain',
  family: 50,
  title: 'A disruption budget demands as many pods as there are',
  bystanders: [{ kind: 'Deployment', name: 'orchestra' }],
  visible: rolledOut('Deployment', 'orchestra'),
  expect: { codes: ['PDB-001'], kind: 'PodDisruptionBudget', name: 'full-house', field: 'spec.minAvailable', mentions: ['2'] },
  repair: { actions: ['patch'], maxRisk: 'high', after: rolledOut('Deployment', 'orchestra') },
};
