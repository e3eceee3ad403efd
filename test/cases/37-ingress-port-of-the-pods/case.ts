import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '37-ingress-port-of-the-pods',
  family: 37,
  title: 'An Ingress names the port of the pods, which the Service does not have',
  bystanders: [{ kind: 'Deployment', name: 'catalogue' }],
  visible: rolledOut('Deployment', 'catalogue'),
  expect: { codes: ['ING-002'], kind: 'Ingress', name: 'side-door', mentions: ['8080', 'catalogue'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'catalogue') },
};
