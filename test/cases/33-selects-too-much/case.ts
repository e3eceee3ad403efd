import type { FaultCase } from '../case.ts';
import { all, hasEndpoints, ready, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '33-selects-too-much',
  family: 33,
  title: 'A Service also selects a worker that does not listen on its port',
  bystanders: [
    { kind: 'Deployment', name: 'ledger' },
    { kind: 'Deployment', name: 'store-web' },
    { kind: 'Deployment', name: 'store-worker' },
  ],
  visible: all(ready('store-web'), ready('store-worker'), hasEndpoints('store', 2)),
  expect: { codes: ['SVC-002'], kind: 'Service', name: 'store', field: 'spec.selector', mentions: ['store-worker', '8080'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: all(hasEndpoints('store', 1), rolledOut('Deployment', 'store-web')) },
};
