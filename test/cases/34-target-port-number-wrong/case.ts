import type { FaultCase } from '../case.ts';
import { all, fieldIs, hasEndpoints, ready } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '34-target-port-number-wrong',
  family: 34,
  title: 'targetPort is a number that nobody listens on',
  bystanders: [
    { kind: 'Deployment', name: 'ledger' },
    { kind: 'Deployment', name: 'profile' },
  ],
  visible: all(ready('profile'), hasEndpoints('profile', 1)),
  expect: { codes: ['SVC-003'], kind: 'Service', name: 'profile', field: 'spec.ports[0].targetPort', mentions: ['8008', '8080'] },
  repair: {
    actions: ['patch'],
    maxRisk: 'medium',
    after: all(hasEndpoints('profile', 1), fieldIs('Service', 'profile', 'spec.ports.0.targetPort', 8080)),
  },
};
