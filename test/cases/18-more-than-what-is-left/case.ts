import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

/** proves: the arithmetic and who takes what; the node is an object without a kubelet, so that the real one stays usable */
export const CASE: FaultCase = {
  id: '18-more-than-what-is-left',
  family: 18,
  title: 'A pod asks for more than what another leaves on the node',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('encoder'),
  expect: {
    codes: ['SCH-006'],
    kind: 'Job',
    name: 'encoder',
    field: 'spec.template.spec.containers[0].resources.requests.cpu',
    mentions: ['500m', '300m free of 1', 'lodger', '700m'],
  },
  repair: null,
  advice: ['lower the request', '300m'],
};
