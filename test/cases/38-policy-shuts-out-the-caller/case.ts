import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '38-policy-shuts-out-the-caller',
  family: 38,
  title: 'A NetworkPolicy lists everybody but the one who calls (the log is made up: nothing enforces policies here)',
  bystanders: [{ kind: 'Deployment', name: 'strongroom' }],
  visible: restarted('teller'),
  expect: {
    codes: ['NET-001'],
    kind: 'NetworkPolicy',
    name: 'strongroom-door',
    field: 'spec.ingress',
    mentions: ['teller', 'strongroom', '8080'],
  },
  repair: {
    actions: ['patch'],
    maxRisk: 'high',
    after: (seen) => JSON.stringify(seen.get('NetworkPolicy', 'strongroom-door')?.['spec'] ?? null).includes('teller'),
  },
};
