import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '40-peers-without-names',
  family: 40,
  title: 'The pods of a StatefulSet look for each other, and the Service names only those that are ready',
  bystanders: [{ kind: 'Deployment', name: 'referee' }],
  visible: podSays('quorum', 'Error'),
  expect: {
    codes: ['SVC-014'],
    kind: 'Service',
    name: 'quorum-peers',
    field: 'spec.publishNotReadyAddresses',
    mentions: ['quorum', 'publishNotReadyAddresses'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('StatefulSet', 'quorum') },
};
