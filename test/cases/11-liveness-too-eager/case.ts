import type { FaultCase } from '../case.ts';
import { all, probeFailed, restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-liveness-too-eager',
  family: 11,
  title: 'A program that starts slowly is killed by its liveness probe',
  bystanders: [{ kind: 'Deployment', name: 'tram' }],
  visible: all(restarted('steamer'), probeFailed('steamer')),
  expect: {
    codes: ['PRB-003'],
    kind: 'Deployment',
    name: 'steamer',
    field: 'spec.template.spec.containers[0].livenessProbe',
    mentions: ['startup probe'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'steamer') },
};
