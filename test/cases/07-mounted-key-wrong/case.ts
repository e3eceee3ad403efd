import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-mounted-key-wrong',
  family: 7,
  title: 'A volume names a key that its ConfigMap lacks',
  bystanders: [{ kind: 'Deployment', name: 'canal' }],
  visible: podSays('barge', 'ContainerCreating'),
  expect: {
    codes: ['CFG-003'],
    kind: 'Deployment',
    name: 'barge',
    field: 'spec.template.spec.volumes[0].configMap.items[0].key',
    mentions: ['crew.yaml', 'crew.yml'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'barge') },
};
