import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '35-service-gone-for-good',
  family: 35,
  title: 'A program needs a Service that nobody has made',
  bystanders: [{ kind: 'Deployment', name: 'waiting-room' }],
  visible: restarted('patient'),
  expect: { codes: ['SVC-011'], kind: 'Deployment', name: 'patient', mentions: ['oracle-of-delphi'] },
  repair: null,
  advice: ['oracle-of-delphi'],
};
