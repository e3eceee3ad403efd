import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-liveness-answered-with-500',
  family: 11,
  title: 'A program answers its liveness probe with an error, and is ended again and again',
  bystanders: [{ kind: 'Deployment', name: 'ticket-booth' }],
  visible: restarted('carousel', 2),
  expect: { codes: ['POD-014'], kind: 'Deployment', name: 'carousel', mentions: ['liveness probe', '500'] },
  repair: null,
  advice: ['liveness probe'],
};
