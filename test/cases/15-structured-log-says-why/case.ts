import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '15-structured-log-says-why',
  family: 15,
  title: 'A new revision divides by zero, as its last line of JSON says',
  bystanders: [{ kind: 'Deployment', name: 'accountant' }],
  visible: restarted('tariff'),
  expect: { codes: ['POD-003'], kind: 'Deployment', name: 'tariff', mentions: ['rate table: division by zero'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'tariff') },
};
