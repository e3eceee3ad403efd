import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '28-webhook-authority-wrong',
  family: 28,
  title: 'The caBundle of a webhook holds another authority than the one that signed its certificate',
  bystanders: [{ kind: 'Deployment', name: 'stock' }],
  visible: creationRefused('Deployment', 'pricing'),
  expect: {
    codes: ['ADM-003'],
    kind: 'MutatingWebhookConfiguration',
    name: 'qd-case-28-defaults',
    field: 'webhooks[0].clientConfig.caBundle',
    mentions: ['caBundle', 'unknown authority', 'pricing'],
  },
  repair: null,
  advice: ['caBundle', 'authority'],
};
