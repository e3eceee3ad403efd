import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '12-key-readable-by-root-only',
  family: 12,
  title: 'A Secret is mounted so that only root may read it, and the program is not root',
  bystanders: [{ kind: 'Deployment', name: 'wax-melter' }],
  visible: restarted('seal-presser'),
  expect: {
    codes: ['RUN-003'],
    kind: 'Deployment',
    name: 'seal-presser',
    field: 'spec.template.spec.securityContext.fsGroup',
    mentions: ['0400', 'fsGroup'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'seal-presser') },
};
