import type { FaultCase } from '../case.ts';
import { fieldIs } from '../conditions.ts';

/** Proves the chain from the node to the budget: the node has no kubelet, its status and that of its pods are written as one writes them. */
export const CASE: FaultCase = {
  id: '58-evicted-and-drain-blocked',
  family: 58,
  title: 'A node short of disk has evicted a pod, and the disruption budget of the others now blocks its drain',
  alone: true,
  bystanders: [{ kind: 'Deployment', name: 'librarian-in-chief' }],
  visible: fieldIs('Pod', 'parchment-1', 'status.phase', 'Failed'),
  expect: { codes: ['NOD-002'], kind: 'Node', name: 'qd-case-58-attic', mentions: ['disk', 'evicted 1 pod'] },
  repair: null,
  advice: ['qd-case-58-attic'],
};
