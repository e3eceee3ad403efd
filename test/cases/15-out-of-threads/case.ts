import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

/** Java calls it an OutOfMemoryError; a plan that raises the memory limit would be wrong. */
export const CASE: FaultCase = {
  id: '15-out-of-threads',
  family: 15,
  title: 'A program gets no more threads, in words that speak of memory',
  bystanders: [{ kind: 'Deployment', name: 'bobbin-winder' }],
  visible: restarted('loom-shed'),
  expect: { codes: ['POD-020'], kind: 'Deployment', name: 'loom-shed', mentions: ['threads', 'memory limit does not help'] },
  repair: null,
  advice: ['threads', 'podPidsLimit'],
};
