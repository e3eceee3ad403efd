import type { FaultCase } from '../case.ts';
import { creationRefused, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '25-quota-exceeded',
  family: 25,
  title: 'A new workload asks for more CPU than the quota has left',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: creationRefused('Deployment', 'payments'),
  expect: {
    codes: ['QTA-001'],
    kind: 'Deployment',
    name: 'payments',
    field: 'spec.template.spec.containers[0].resources.requests.cpu',
    mentions: ['team-quota', 'requests.cpu', '500m', '200m', 'ledger'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'payments') },
};
