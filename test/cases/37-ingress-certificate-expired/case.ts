import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '37-ingress-certificate-expired',
  family: 37,
  title: 'The certificate of an Ingress has expired',
  bystanders: [{ kind: 'Deployment', name: 'jeweller' }],
  visible: rolledOut('Deployment', 'jeweller'),
  expect: {
    codes: ['ING-005'],
    kind: 'Ingress',
    name: 'shop-window',
    field: 'spec.tls[0].secretName',
    mentions: ['expired', 'shop-window-tls'],
  },
  hiddenWithout: ['secrets'],
  repair: null,
  advice: ['shop-window-tls'],
};
