import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-secret-key-wrong',
  family: 7,
  title: 'A variable names a key that the Secret lacks',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('gateway', 'CreateContainerConfigError'),
  expect: {
    codes: ['CFG-004'],
    kind: 'Deployment',
    name: 'gateway',
    field: 'spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key',
    mentions: ['api-tokne', 'api-token'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'gateway') },
};
