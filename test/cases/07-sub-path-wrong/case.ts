import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-sub-path-wrong',
  family: 7,
  title: 'One file is mounted from a ConfigMap under a name it does not have',
  bystanders: [{ kind: 'Deployment', name: 'sluicekeeper' }],
  visible: restarted('sluice'),
  expect: {
    codes: ['CFG-011'],
    kind: 'Deployment',
    name: 'sluice',
    field: 'spec.template.spec.containers[0].volumeMounts[0].subPath',
    mentions: ['levels.tmol', 'levels.toml'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'sluice') },
};
