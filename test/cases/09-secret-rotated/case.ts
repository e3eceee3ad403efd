import type { FaultCase } from '../case.ts';
import { rolledOut, runningNotReady } from '../conditions.ts';

/** Its readiness compares what it has with what it should have, as a server that accepts the new one only would. */
export const CASE: FaultCase = {
  id: '09-secret-rotated',
  family: 9,
  title: 'A Secret was rotated after the program had read it into its environment',
  bystanders: [{ kind: 'Deployment', name: 'gatehouse' }],
  visible: runningNotReady('sentry'),
  expect: { codes: ['CFG-012'], kind: 'Deployment', name: 'sentry', mentions: ['sentry-words', 'PASSPHRASE'] },
  repair: { actions: ['restart-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'sentry') },
};
