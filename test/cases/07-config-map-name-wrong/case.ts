import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-config-map-name-wrong',
  family: 7,
  title: 'envFrom names a ConfigMap with two letters swapped',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('mailer', 'CreateContainerConfigError'),
  expect: {
    codes: ['CFG-001'],
    kind: 'Deployment',
    name: 'mailer',
    field: 'spec.template.spec.containers[0].envFrom[0].configMapRef.name',
    mentions: ['mailer-cofnig', 'mailer-config'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'mailer') },
};
