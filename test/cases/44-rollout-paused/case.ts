import type { FaultCase } from '../case.ts';
import { at, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '44-rollout-paused',
  family: 44,
  title: 'A rollout was paused, and what was changed since does not run',
  bystanders: [{ kind: 'Deployment', name: 'pantry' }],
  visible: (seen) =>
    seen.get('Deployment', 'kitchen')?.['spec'] !== undefined && at(seen.get('Deployment', 'kitchen'), 'spec.paused') === true,
  expect: { codes: ['DEP-002'], kind: 'Deployment', name: 'kitchen', field: 'spec.paused', mentions: ['paused'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'kitchen') },
};
