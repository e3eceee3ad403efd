import type { FaultCase } from '../case.ts';
import { rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '21-host-port-of-another',
  family: 21,
  title: 'A change asks for a host port that another workload holds',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('collector'),
  expect: {
    codes: ['SCH-011'],
    kind: 'Deployment',
    name: 'collector',
    field: 'spec.template.spec.containers[0].ports[0].hostPort',
    mentions: ['18121', 'relay'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'collector') },
};
