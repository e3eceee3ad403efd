import type { FaultCase } from '../case.ts';
import { creationRefused, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '26-default-limit-below-request',
  family: 26,
  title: 'An init container asks for more memory than the default limit that it is given',
  bystanders: [{ kind: 'Deployment', name: 'kitchen' }],
  visible: creationRefused('Deployment', 'oven'),
  expect: {
    codes: ['QTA-003'],
    kind: 'Deployment',
    name: 'oven',
    field: 'spec.template.spec.initContainers[0].resources.limits.memory',
    mentions: ['house-rules', '48Mi', '32Mi', 'heat'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'oven') },
};
