import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-no-volume-large-enough',
  family: 22,
  title: 'A claim asks for more than the volume of its class holds',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('media'),
  expect: {
    codes: ['VOL-004'],
    kind: 'PersistentVolumeClaim',
    name: 'media',
    field: 'spec.resources.requests.storage',
    mentions: ['5Gi', '1Gi', 'qd-case-22-small'],
  },
  repair: null,
  advice: ['5Gi', 'PersistentVolume'],
};
