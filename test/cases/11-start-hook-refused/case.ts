import type { FaultCase } from '../case.ts';
import { at, podsOf, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-start-hook-refused',
  family: 11,
  title: 'A change adds a hook after the start that nobody answers, so the kubelet kills each new container',
  bystanders: [{ kind: 'Deployment', name: 'whimbrel' }],
  visible: (seen) => podsOf(seen, 'dunlin').some((pod) => Number(at(pod, 'status.containerStatuses.0.restartCount') ?? 0) >= 1),
  expect: {
    codes: ['POD-018'],
    kind: 'Deployment',
    name: 'dunlin',
    field: 'spec.template.spec.containers[0].lifecycle.postStart',
    mentions: ['hook'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'dunlin') },
};
