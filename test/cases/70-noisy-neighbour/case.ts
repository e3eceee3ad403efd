import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '70-noisy-neighbour',
  family: 70,
  title: 'A neighbour logs errors all day and is well; the fault is elsewhere',
  bystanders: [{ kind: 'Deployment', name: 'alarmist' }],
  visible: podSays('patron', 'CreateContainerConfigError'),
  expect: { codes: ['CFG-001'], kind: 'Deployment', name: 'patron', mentions: ['patron-list'] },
  repair: null,
  advice: ['patron-list'],
};
