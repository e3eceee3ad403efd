import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '12-root-forbidden',
  family: 12,
  title: 'An image that runs as root may not',
  bystanders: [{ kind: 'Deployment', name: 'curator' }],
  visible: podSays('exhibit', 'CreateContainerConfigError'),
  expect: { codes: ['RUN-001'], kind: 'Deployment', name: 'exhibit', mentions: ['runAsNonRoot', 'quarterdeck/workload:2'] },
  repair: null,
  advice: ['runAsUser'],
};
