import type { FaultCase } from '../case.ts';
import { all, fieldIs, hasEndpoints, noEndpoints, ready } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '33-selector-typo',
  family: 33,
  title: 'A Service selects a name with two letters swapped',
  bystanders: [
    { kind: 'Deployment', name: 'ledger' },
    { kind: 'Deployment', name: 'checkout' },
  ],
  visible: all(ready('checkout'), noEndpoints('checkout', 'checkout')),
  expect: { codes: ['SVC-001'], kind: 'Service', name: 'checkout', field: 'spec.selector.app', mentions: ['app=chekcout', 'app=checkout'] },
  repair: {
    actions: ['patch'],
    maxRisk: 'medium',
    after: all(hasEndpoints('checkout', 2), fieldIs('Service', 'checkout', 'spec.selector', { app: 'checkout', tier: 'backend' })),
  },
};
