import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '03-port-below-1024',
  family: 3,
  title: 'A program that is not root opens a port below 1024',
  bystanders: [{ kind: 'Deployment', name: 'pier' }],
  visible: restarted('harbour'),
  expect: { codes: ['POD-011'], kind: 'Deployment', name: 'harbour', mentions: ['81', 'permission denied'] },
  repair: null,
  advice: ['1024'],
};
