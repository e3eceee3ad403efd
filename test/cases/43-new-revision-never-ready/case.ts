import type { FaultCase } from '../case.ts';
import { all, hasEndpoints, restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '43-new-revision-never-ready',
  family: 43,
  title: 'A new revision crashes while the old one serves',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: restarted('frontend'),
  expect: { codes: ['POD-003', 'DEP-001'], kind: 'Deployment', name: 'frontend', mentions: ['no such table'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: all(rolledOut('Deployment', 'frontend'), hasEndpoints('frontend', 3)) },
};
