import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '38-policy-without-dns',
  family: 38,
  title: 'A NetworkPolicy lets a program call its Service but not ask for its address (the log is made up)',
  bystanders: [{ kind: 'Deployment', name: 'lighthouse' }],
  visible: restarted('ferry'),
  expect: { codes: ['NET-001'], kind: 'NetworkPolicy', name: 'ferry-lanes', field: 'spec.egress', mentions: ['DNS', 'ferry', '53'] },
  repair: {
    actions: ['patch'],
    maxRisk: 'high',
    after: (seen) => JSON.stringify(seen.get('NetworkPolicy', 'ferry-lanes')?.['spec'] ?? null).includes('UDP'),
  },
};
