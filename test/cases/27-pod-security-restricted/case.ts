import type { FaultCase } from '../case.ts';
import { creationRefused, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '27-pod-security-restricted',
  family: 27,
  title: 'A namespace enforces the restricted level, and a StatefulSet breaks four of its rules',
  bystanders: [{ kind: 'Deployment', name: 'catalogue' }],
  visible: creationRefused('StatefulSet', 'vault-agent'),
  expect: {
    codes: ['ADM-001'],
    kind: 'StatefulSet',
    name: 'vault-agent',
    mentions: ['restricted', 'allowPrivilegeEscalation=false', 'drop ALL', 'runAsNonRoot=true', 'RuntimeDefault'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('StatefulSet', 'vault-agent') },
};
