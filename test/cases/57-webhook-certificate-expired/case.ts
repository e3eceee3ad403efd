import type { FaultCase } from '../case.ts';
import { all, creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '57-webhook-certificate-expired',
  family: 57,
  title: 'The certificate of a webhook has expired, so nothing it is to judge can be created',
  bystanders: [
    { kind: 'Deployment', name: 'judge' },
    { kind: 'Deployment', name: 'ledger-copy' },
  ],
  visible: all(creationRefused('Deployment', 'remittances'), creationRefused('Deployment', 'receipts')),
  expect: {
    codes: ['ADM-003'],
    kind: 'Secret',
    name: 'judge-tls',
    mentions: ['expired', 'remittances', 'receipts', 'judge'],
  },
  repair: null,
  advice: ['Renew the certificate', 'judge-tls'],
};
