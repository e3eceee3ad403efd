import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '02-variable-lost-in-a-change',
  family: 2,
  title: 'A change drops a variable that the program needs',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: restarted('purser'),
  expect: { codes: ['POD-002'], kind: 'Deployment', name: 'purser', mentions: ['DATABASE_URL'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'purser') },
};
