import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '29-token-not-mounted',
  family: 29,
  title: 'A program misses the token of an account that does not have it mounted',
  bystanders: [{ kind: 'Deployment', name: 'planner' }],
  visible: restarted('watchman'),
  expect: {
    codes: ['RBC-002'],
    kind: 'Deployment',
    name: 'watchman',
    field: 'spec.template.spec.automountServiceAccountToken',
    mentions: ['automountServiceAccountToken', 'container controller', 'serviceaccount/token'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'watchman') },
};
