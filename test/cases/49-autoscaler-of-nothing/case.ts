import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '49-autoscaler-of-nothing',
  family: 49,
  title: 'An autoscaler names a Deployment with two letters swapped',
  bystanders: [{ kind: 'Deployment', name: 'turnstile' }],
  visible: rolledOut('Deployment', 'turnstile'),
  expect: {
    codes: ['HPA-001'],
    kind: 'HorizontalPodAutoscaler',
    name: 'crowd',
    field: 'spec.scaleTargetRef.name',
    mentions: ['turnstlie', 'turnstile'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'turnstile') },
};
