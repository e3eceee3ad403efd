import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '49-autoscaler-without-requests',
  family: 49,
  title: 'An autoscaler measures per cent of a request that is not set',
  bystanders: [{ kind: 'Deployment', name: 'cloakroom' }],
  visible: rolledOut('Deployment', 'foyer'),
  expect: { codes: ['HPA-002'], kind: 'Deployment', name: 'foyer', mentions: ['cpu', 'foyer-scaler'] },
  repair: null,
  advice: ['cpu'],
};
