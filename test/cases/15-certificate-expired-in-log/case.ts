import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '15-certificate-expired-in-log',
  family: 15,
  title: 'A partner outside has a certificate that is past, as the log says',
  bystanders: [{ kind: 'Deployment', name: 'porter' }],
  visible: restarted('embassy'),
  expect: { codes: ['POD-003'], kind: 'Deployment', name: 'embassy', mentions: ['certificate has expired'] },
  repair: null,
  advice: ['its log'],
};
