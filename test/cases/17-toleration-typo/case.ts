import type { FaultCase } from '../case.ts';
import { unschedulable } from '../conditions.ts';

/** proves: the reasoning. A Job, for what was placed could not start: the node is an object without a kubelet, so that no other pod is kept off a real one. */
export const CASE: FaultCase = {
  id: '17-toleration-typo',
  family: 17,
  title: 'A toleration names a value that the taint has not',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('moonlight'),
  expect: {
    codes: ['SCH-003'],
    kind: 'Job',
    name: 'moonlight',
    field: 'spec.template.spec.tolerations[0].value',
    mentions: ['batsh', 'qd-case=batch:NoSchedule', 'qd-case-17-batch'],
  },
  repair: null,
  advice: ['qd-case=batch:NoSchedule', 'create it again'],
};
