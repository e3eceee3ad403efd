import type { FaultCase } from '../case.ts';
import { ready } from '../conditions.ts';

/** proves: that the exact rule is named, and made with the least verb. The program's line is a quotation; it asks nothing itself. */
export const CASE: FaultCase = {
  id: '30-nothing-bound',
  family: 30,
  title: 'An account has no role at all',
  bystanders: [{ kind: 'Deployment', name: 'archive' }],
  visible: ready('beachcomber'),
  expect: {
    codes: ['RBC-003'],
    kind: 'ServiceAccount',
    name: 'shore',
    mentions: ['get configmaps', 'no binding'],
  },
  hiddenWithout: ['pods/log'],
  repair: { actions: ['create', 'create'], maxRisk: 'high', after: ready('beachcomber') },
};
