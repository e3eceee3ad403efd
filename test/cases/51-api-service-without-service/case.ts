import type { FaultCase } from '../case.ts';
import { ready } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '51-api-service-without-service',
  family: 51,
  title: 'An aggregated API is registered, and its Service does not exist',
  // While it is registered the server cannot list all groups, and no namespace can be deleted.
  alone: true,
  bystanders: [{ kind: 'Deployment', name: 'observatory' }],
  visible: ready('observatory'),
  expect: {
    codes: ['API-001'],
    kind: 'APIService',
    name: 'v1alpha1.stars.qd-case-51.example.com',
    field: 'spec.service.name',
    mentions: ['star-catalogue', 'does not exist'],
  },
  repair: null,
  advice: ['Restore Service', 'star-catalogue'],
};
