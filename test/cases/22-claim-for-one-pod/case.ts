import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-claim-for-one-pod',
  family: 22,
  title: 'Two pods want a claim that lets one in',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('journal'),
  expect: {
    codes: ['VOL-008'],
    kind: 'Deployment',
    name: 'journal',
    field: 'spec.template.spec.volumes[0].persistentVolumeClaim.claimName',
    mentions: ['ReadWriteOncePod', 'journal'],
  },
  repair: null,
  advice: ['fewer replicas'],
};
