import type { FaultCase } from '../case.ts';
import { ready } from '../conditions.ts';

/** proves: that a healthy pod's log is read and the Role named and repaired. The program's line is a quotation; it asks nothing itself. */
export const CASE: FaultCase = {
  id: '30-role-lacks-verb',
  family: 30,
  title: 'A controller may list pods and not watch them',
  bystanders: [{ kind: 'Deployment', name: 'notices' }],
  visible: ready('gardener'),
  expect: {
    codes: ['RBC-003'],
    kind: 'Role',
    name: 'gardener',
    field: 'rules[1].verbs',
    mentions: ['watch pods', 'get, list', 'cannot watch resource'],
  },
  hiddenWithout: ['pods/log'],
  repair: { actions: ['patch'], maxRisk: 'high', after: ready('gardener') },
};
