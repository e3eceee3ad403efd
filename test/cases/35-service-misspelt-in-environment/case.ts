import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '35-service-misspelt-in-environment',
  family: 35,
  title: 'A variable names a Service that does not exist, one letter off',
  bystanders: [{ kind: 'Deployment', name: 'archive' }],
  visible: restarted('reader'),
  expect: {
    codes: ['SVC-011'],
    kind: 'Deployment',
    name: 'reader',
    field: 'spec.template.spec.containers[0].env[0].value',
    mentions: ['archvie', 'archive'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'reader') },
};
