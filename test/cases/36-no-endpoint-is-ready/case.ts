import type { FaultCase } from '../case.ts';
import { runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '36-no-endpoint-is-ready',
  family: 36,
  title: 'All pods behind a Service run and none is ready',
  bystanders: [{ kind: 'Deployment', name: 'concierge' }],
  visible: runningNotReady('switchboard'),
  expect: { codes: ['PRB-004'], kind: 'Deployment', name: 'switchboard', mentions: ['503'] },
  repair: null,
};
