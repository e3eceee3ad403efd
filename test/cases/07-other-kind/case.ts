import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-other-kind',
  family: 7,
  title: 'A variable asks a ConfigMap for what is in a Secret of that name',
  bystanders: [{ kind: 'Deployment', name: 'sluice' }],
  visible: podSays('weir', 'CreateContainerConfigError'),
  expect: {
    codes: ['CFG-001'],
    kind: 'Deployment',
    name: 'weir',
    field: 'spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef.name',
    mentions: ['weir-access', 'Secret'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'weir') },
};
