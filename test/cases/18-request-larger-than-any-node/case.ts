import type { FaultCase } from '../case.ts';
import { rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '18-request-larger-than-any-node',
  family: 18,
  title: 'A CPU request of 250 cores where 250m were meant',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('indexer'),
  expect: {
    codes: ['SCH-005'],
    kind: 'Deployment',
    name: 'indexer',
    field: 'spec.template.spec.containers[0].resources.requests.cpu',
    mentions: ['cpu', '250'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'indexer') },
};
