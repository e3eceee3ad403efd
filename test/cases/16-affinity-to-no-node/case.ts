import type { FaultCase } from '../case.ts';
import { rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '16-affinity-to-no-node',
  family: 16,
  title: 'A change requires a label that no node has',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('trainer'),
  expect: { codes: ['SCH-002'], kind: 'Deployment', name: 'trainer', mentions: ['accelerator', 'tesla-t4'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'trainer') },
};
