import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '57-webhook-server-waits-for-secret',
  family: 57,
  title: 'The certificate of a webhook is missing, so its server does not start, and nothing it is to judge can be created',
  bystanders: [{ kind: 'Deployment', name: 'pantry' }],
  visible: creationRefused('StatefulSet', 'guests'),
  expect: {
    codes: ['CFG-002'],
    kind: 'Deployment',
    name: 'doorman',
    field: 'spec.template.spec.volumes[0].secret.secretName',
    mentions: ['doorman-serving-certificate'],
  },
  repair: null,
  advice: ['doorman-serving-certificate'],
};
