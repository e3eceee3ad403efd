import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '19-spread-over-absent-zones',
  family: 19,
  title: 'It must be spread over two zones, and there is one',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('mirror'),
  expect: {
    codes: ['SCH-014'],
    kind: 'Deployment',
    name: 'mirror',
    field: 'spec.template.spec.topologySpreadConstraints[0].minDomains',
    mentions: ['minDomains is 2', 'topology.kubernetes.io/zone', 'zone-a holds 1'],
  },
  repair: null,
  advice: ['minDomains'],
};
