import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '37-ingress-certificate-missing',
  family: 37,
  title: 'The TLS Secret of an Ingress is not there',
  bystanders: [{ kind: 'Deployment', name: 'vault-front' }],
  visible: rolledOut('Deployment', 'vault-front'),
  expect: { codes: ['ING-004'], kind: 'Ingress', name: 'steel-door', field: 'spec.tls[0].secretName', mentions: ['steel-door-tls'] },
  hiddenWithout: ['secrets'],
  repair: null,
  advice: ['steel-door-tls'],
};
