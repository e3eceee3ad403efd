import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '12-root-file-system-read-only',
  family: 12,
  title: 'A program writes a file where its root file system is read-only',
  bystanders: [{ kind: 'Deployment', name: 'stationer' }],
  visible: restarted('scribe'),
  expect: { codes: ['RUN-002'], kind: 'Deployment', name: 'scribe', mentions: ['/tmp/ink', 'emptyDir'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'scribe') },
};
