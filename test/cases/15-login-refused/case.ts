import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '15-login-refused',
  family: 15,
  title: 'A login is refused, and the password ends in a line break',
  bystanders: [{ kind: 'Deployment', name: 'threshing-floor' }],
  visible: restarted('granary-keeper'),
  expect: { codes: ['CFG-014'], kind: 'Secret', name: 'granary-login', mentions: ['passphrase', 'line break'] },
  repair: null,
  advice: ['passphrase', 'granary-login'],
};
