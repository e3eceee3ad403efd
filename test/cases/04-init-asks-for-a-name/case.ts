import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '04-init-asks-for-a-name',
  family: 4,
  title: 'An init container asks for a Service whose name is misspelt',
  bystanders: [{ kind: 'Deployment', name: 'gatekeeper' }],
  visible: podSays('castle', 'Error'),
  expect: {
    codes: ['SVC-011'],
    kind: 'StatefulSet',
    name: 'castle',
    field: 'spec.template.spec.initContainers[0].args[2]',
    mentions: ['gatekeper', 'gatekeeper', 'init container drawbridge'],
  },
  repair: { actions: ['patch', 'delete'], maxRisk: 'medium', after: rolledOut('StatefulSet', 'castle') },
};
