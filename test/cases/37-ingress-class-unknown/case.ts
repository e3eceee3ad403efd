import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '37-ingress-class-unknown',
  family: 37,
  alone: true,
  title: 'An Ingress names a class that nobody serves',
  bystanders: [{ kind: 'Deployment', name: 'showroom' }],
  visible: rolledOut('Deployment', 'showroom'),
  expect: { codes: ['ING-003'], kind: 'Ingress', name: 'glass-door', field: 'spec.ingressClassName', mentions: ['qd-case-inernal'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'showroom') },
};
