import type { FaultCase } from '../case.ts';
import { ready } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '51-conversion-service-gone',
  family: 51,
  title: 'What converts between the versions of a custom resource is gone',
  bystanders: [{ kind: 'Deployment', name: 'museum' }],
  visible: ready('museum'),
  expect: {
    codes: ['API-002'],
    kind: 'CustomResourceDefinition',
    name: 'exhibits.qd-case-51.example.org',
    field: 'spec.conversion.webhook.clientConfig.service.name',
    mentions: ['exhibit-translator', 'does not exist', 'v1, v1beta1'],
  },
  repair: null,
  advice: ['Restore Service', 'exhibit-translator'],
};
