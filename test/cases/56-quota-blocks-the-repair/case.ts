import type { FaultCase } from '../case.ts';
import { creationRefused, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '56-quota-blocks-the-repair',
  family: 56,
  title: 'A quota refuses the pods of the revision that would end the crash',
  bystanders: [{ kind: 'Deployment', name: 'clerk' }],
  visible: creationRefused('Deployment', 'furnace'),
  expect: { codes: ['QTA-001'], kind: 'Deployment', name: 'furnace', mentions: ['allowance', 'requests.memory'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'furnace') },
};
