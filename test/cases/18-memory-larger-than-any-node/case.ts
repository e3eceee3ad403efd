import type { FaultCase } from '../case.ts';
import { rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '18-memory-larger-than-any-node',
  family: 18,
  title: 'A StatefulSet asks for 64Gi where 64Mi were meant',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('cache'),
  expect: {
    codes: ['SCH-005'],
    kind: 'StatefulSet',
    name: 'cache',
    field: 'spec.template.spec.containers[0].resources.requests.memory',
    mentions: ['memory', '64Gi'],
  },
  repair: { actions: ['patch', 'delete'], maxRisk: 'destructive', after: rolledOut('StatefulSet', 'cache') },
};
