import type { FaultCase } from '../case.ts';
import { at, podsOf, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '12-kernel-setting-forbidden',
  family: 12,
  title: 'A change asks for a kernel setting that the kubelet does not allow, so every new pod is refused',
  bystanders: [{ kind: 'Deployment', name: 'gannet' }],
  visible: (seen) => podsOf(seen, 'sonar').some((pod) => at(pod, 'status.phase') === 'Failed'),
  expect: {
    codes: ['POD-016'],
    kind: 'Deployment',
    name: 'sonar',
    field: 'spec.template.spec.securityContext.sysctls',
    mentions: ['kernel.msgmax', 'SysctlForbidden'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'sonar') },
};
