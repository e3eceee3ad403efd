import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '14-two-containers-one-port',
  family: 14,
  title: 'Two containers of a pod open the same port',
  bystanders: [{ kind: 'Deployment', name: 'solo' }],
  visible: restarted('twins'),
  expect: { codes: ['POD-010'], kind: 'Deployment', name: 'twins', mentions: ['8080', 'app', 'second'] },
  repair: null,
  advice: ['another port'],
};
