import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '28-webhook-certificate-for-another-name',
  family: 28,
  title: 'The certificate of a webhook is for another name than the one it is called by',
  bystanders: [{ kind: 'Deployment', name: 'stock' }],
  visible: creationRefused('Deployment', 'pricing'),
  expect: {
    codes: ['ADM-003'],
    kind: 'MutatingWebhookConfiguration',
    name: 'qd-case-28-defaults',
    field: 'webhooks[0].clientConfig.caBundle',
    mentions: ['not accepted', 'metrics-server.kube-system.svc', 'pricing'],
  },
  repair: null,
  advice: ['certificate', 'caBundle'],
};
