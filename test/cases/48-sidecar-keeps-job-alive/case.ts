import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '48-sidecar-keeps-job-alive',
  family: 48,
  title: 'A proxy beside the work keeps a Job from ending',
  bystanders: [{ kind: 'Deployment', name: 'postmaster' }],
  visible: podSays('postbag', 'Completed'),
  expect: { codes: ['CRN-003'], kind: 'Job', name: 'postbag', field: 'spec.template.spec.containers[1]', mentions: ['proxy'] },
  repair: null,
  advice: ['initContainers'],
};
