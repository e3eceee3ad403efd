import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '37-ingress-backend-misspelt',
  family: 37,
  title: 'An Ingress sends to a Service whose name is misspelt',
  bystanders: [{ kind: 'Deployment', name: 'brochure' }],
  visible: rolledOut('Deployment', 'brochure'),
  expect: {
    codes: ['ING-001'],
    kind: 'Ingress',
    name: 'front-door',
    field: 'spec.rules[0].http.paths[0].backend.service.name',
    mentions: ['brochrue', 'brochure'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'brochure') },
};
