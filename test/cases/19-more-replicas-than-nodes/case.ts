import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '19-more-replicas-than-nodes',
  family: 19,
  title: 'Two pods that must be on different nodes, and one node',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('quorum'),
  expect: {
    codes: ['SCH-012'],
    kind: 'Deployment',
    name: 'quorum',
    field: 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]',
    mentions: ['anti-affinity', '2 are wanted', '1 node'],
  },
  repair: null,
  advice: ['fewer replicas', 'Add nodes'],
};
