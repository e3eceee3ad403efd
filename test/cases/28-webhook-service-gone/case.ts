import type { FaultCase } from '../case.ts';
import { all, creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '28-webhook-service-gone',
  family: 28,
  title: 'The Service of an admission webhook is gone, and two workloads get no pods',
  bystanders: [{ kind: 'Deployment', name: 'purser' }],
  visible: all(creationRefused('Deployment', 'parcels'), creationRefused('Deployment', 'letters')),
  expect: {
    codes: ['ADM-002'],
    kind: 'ValidatingWebhookConfiguration',
    name: 'qd-case-28-label-rules',
    field: 'webhooks[0].clientConfig.service.name',
    mentions: ['label-rules', 'does not exist', 'parcels', 'letters', 'failed calling webhook'],
  },
  repair: null,
  advice: ['Restore Service', 'label-rules'],
};
