import type { FaultCase } from '../case.ts';
import { fieldIs } from '../conditions.ts';

/** Proves what is said of a node whose kubelet is not heard of: the node is registered and has no kubelet. */
export const CASE: FaultCase = {
  id: '52-kubelet-not-heard-of',
  family: 52,
  title: 'The kubelet of a node is not heard of, and a pod is on it',
  alone: true,
  bystanders: [{ kind: 'Deployment', name: 'harbour-master' }],
  visible: fieldIs('Pod', 'lamp', 'spec.nodeName', 'qd-case-52-lightship'),
  expect: { codes: ['NOD-001'], kind: 'Node', name: 'qd-case-52-lightship', mentions: ['not ready', 'kubelet'] },
  repair: null,
  advice: ['qd-case-52-lightship', 'kubelet'],
};
