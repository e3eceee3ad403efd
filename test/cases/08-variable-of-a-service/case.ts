import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

/** Its own port is to be in a variable that Kubernetes sets for a Service of nearly its name. */
export const CASE: FaultCase = {
  id: '08-variable-of-a-service',
  family: 8,
  title: 'A program takes the variable that is set for a Service for a setting of its own',
  bystanders: [{ kind: 'Deployment', name: 'quayside' }],
  visible: restarted('stevedore'),
  expect: {
    codes: ['CFG-016'],
    kind: 'Deployment',
    name: 'stevedore',
    field: 'spec.template.spec.enableServiceLinks',
    mentions: ['enableServiceLinks', 'tcp://'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'stevedore') },
};
