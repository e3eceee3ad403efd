import type { FaultCase } from '../case.ts';
import { at } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '47-script-does-not-parse',
  family: 47,
  title: 'The script of a Job has a syntax error, and it gives up',
  bystanders: [{ kind: 'Deployment', name: 'printworks' }],
  visible: (seen) =>
    (at(seen.get('Job', 'typeset'), 'status.conditions') as { type: string }[] | undefined)?.some((c) => c.type === 'Failed') === true,
  expect: { codes: ['POD-003'], kind: 'Job', name: 'typeset', mentions: ['syntax error'] },
  repair: null,
};
