import type { FaultCase } from '../case.ts';
import { at } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '47-job-out-of-time',
  family: 47,
  title: 'A Job reached its deadline before its work was done',
  bystanders: [{ kind: 'Deployment', name: 'foundry' }],
  visible: (seen) =>
    (at(seen.get('Job', 'casting'), 'status.conditions') as { type: string }[] | undefined)?.some((c) => c.type === 'Failed') === true,
  expect: { codes: ['JOB-001'], kind: 'Job', name: 'casting', field: 'spec.activeDeadlineSeconds', mentions: ['4 s'] },
  repair: null,
  advice: ['activeDeadlineSeconds'],
};
