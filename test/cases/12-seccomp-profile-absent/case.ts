import type { FaultCase } from '../case.ts';
import { at, podsOf, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '12-seccomp-profile-absent',
  family: 12,
  title: 'A change names a seccomp profile that no node has, so the runtime cannot make the container',
  bystanders: [{ kind: 'Deployment', name: 'whimbrel' }],
  visible: (seen) =>
    podsOf(seen, 'dunlin').some((pod) => /^CreateContainerError$/.test(String(at(pod, 'status.containerStatuses.0.state.waiting.reason')))),
  expect: {
    codes: ['POD-017'],
    kind: 'Deployment',
    name: 'dunlin',
    field: 'spec.template.spec.containers[0].securityContext.seccompProfile',
    mentions: ['seccomp'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'dunlin') },
};
