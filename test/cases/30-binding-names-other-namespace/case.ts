import type { FaultCase } from '../case.ts';
import { ready } from '../conditions.ts';

/** proves: that the binding is named and repaired. The program's line is a quotation; it asks nothing itself. */
export const CASE: FaultCase = {
  id: '30-binding-names-other-namespace',
  family: 30,
  title: 'A RoleBinding names the account in a namespace that is not its own',
  bystanders: [{ kind: 'Deployment', name: 'almanac' }],
  visible: ready('lock-keeper'),
  expect: {
    codes: ['RBC-003'],
    kind: 'RoleBinding',
    name: 'lock-keeper',
    field: 'subjects[0].namespace',
    mentions: ['get leases.coordination.k8s.io', 'harbour-of-yesterday'],
  },
  hiddenWithout: ['pods/log'],
  repair: { actions: ['patch'], maxRisk: 'high', after: ready('lock-keeper') },
};
