import type { FaultCase } from '../case.ts';
import { all, probeFailed, rolledOut, runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-readiness-path-wrong',
  family: 11,
  title: 'A change of the readiness path leaves the new pods never ready',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: all(runningNotReady('pricing'), probeFailed('pricing')),
  expect: { codes: ['PRB-002'], kind: 'Deployment', name: 'pricing', mentions: ['/raedy'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'pricing') },
};
