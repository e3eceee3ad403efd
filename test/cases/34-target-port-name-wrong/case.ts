import type { FaultCase } from '../case.ts';
import { all, hasEndpoints, noEndpoints, ready } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '34-target-port-name-wrong',
  family: 34,
  title: 'targetPort is a name that no container has',
  bystanders: [
    { kind: 'Deployment', name: 'ledger' },
    { kind: 'Deployment', name: 'account' },
  ],
  visible: all(ready('account'), noEndpoints('account', 'account')),
  expect: { codes: ['SVC-003'], kind: 'Service', name: 'account', field: 'spec.ports[0].targetPort', mentions: ['web', 'http'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: hasEndpoints('account', 1) },
};
