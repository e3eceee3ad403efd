import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-projected-secret-wrong',
  family: 7,
  title: 'A projected volume of a StatefulSet names a Secret with a letter too many',
  bystanders: [{ kind: 'Deployment', name: 'spinnaker' }],
  visible: podSays('crane', 'ContainerCreating'),
  expect: {
    codes: ['CFG-002'],
    kind: 'StatefulSet',
    name: 'crane',
    field: 'spec.template.spec.volumes[0].projected.sources[1].secret.name',
    mentions: ['crane-keyss', 'crane-keys'],
  },
  repair: { actions: ['patch', 'delete'], maxRisk: 'destructive', after: rolledOut('StatefulSet', 'crane') },
};
