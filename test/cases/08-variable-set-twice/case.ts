import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '08-variable-set-twice',
  family: 8,
  title: 'A variable is set twice; the later, wrong value wins',
  bystanders: [{ kind: 'Deployment', name: 'metronome' }],
  visible: rolledOut('Deployment', 'drummer'),
  expect: {
    codes: ['CFG-010'],
    kind: 'Deployment',
    name: 'drummer',
    field: 'spec.template.spec.containers[0].env[2]',
    mentions: ['TEMPO', '"120"', '"90"'],
  },
  repair: null,
  advice: ['TEMPO'],
};
