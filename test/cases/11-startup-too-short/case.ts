import type { FaultCase } from '../case.ts';
import { all, probeFailed, restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-startup-too-short',
  family: 11,
  title: 'The startup probe gives up before the program has started',
  bystanders: [{ kind: 'Deployment', name: 'omnibus' }],
  visible: all(restarted('locomotive'), probeFailed('locomotive')),
  expect: {
    codes: ['PRB-003'],
    kind: 'Deployment',
    name: 'locomotive',
    field: 'spec.template.spec.containers[0].startupProbe',
    mentions: ['startup'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'locomotive') },
};
