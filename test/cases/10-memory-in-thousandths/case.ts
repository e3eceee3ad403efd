import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '10-memory-in-thousandths',
  family: 10,
  title: 'A memory limit is written in thousandths of a byte',
  bystanders: [{ kind: 'Deployment', name: 'vaporetto' }],
  visible: podSays('gondola', 'ContainerCreating'),
  expect: { codes: ['RUN-007'], kind: 'Deployment', name: 'gondola', mentions: ['64m', '64Mi'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'gondola') },
};
