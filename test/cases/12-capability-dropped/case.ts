import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '12-capability-dropped',
  family: 12,
  title: 'A program changes an owner though the capability for it was dropped',
  bystanders: [{ kind: 'Deployment', name: 'notary' }],
  visible: restarted('heir'),
  expect: {
    codes: ['RUN-006'],
    kind: 'Deployment',
    name: 'heir',
    field: 'spec.template.spec.containers[0].securityContext.capabilities',
    mentions: ['CHOWN', 'ALL'],
  },
  repair: null,
  advice: ['CHOWN'],
};
