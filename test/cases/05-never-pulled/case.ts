import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '05-never-pulled',
  family: 5,
  title: 'A second container must not be pulled and is not on the node',
  bystanders: [{ kind: 'Deployment', name: 'pier' }],
  visible: podSays('ferry', 'ErrImageNeverPull'),
  expect: {
    codes: ['IMG-005'],
    kind: 'Deployment',
    name: 'ferry',
    field: 'spec.template.spec.containers[1].imagePullPolicy',
    mentions: ['quarterdeck/ferry-lamp:4', 'Never'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'ferry') },
};
