import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '10-memory-limit-too-small',
  family: 10,
  title: 'A change lowers the memory limit below what the program takes',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('thumbnailer', 'OOMKilled'),
  expect: { codes: ['POD-004'], kind: 'Deployment', name: 'thumbnailer', mentions: ['32Mi'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'thumbnailer') },
};
