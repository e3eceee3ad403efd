import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '25-quota-demands-limits',
  family: 25,
  title: 'A quota demands memory limits that a StatefulSet does not write',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: creationRefused('StatefulSet', 'turnstile'),
  expect: {
    codes: ['QTA-002'],
    kind: 'StatefulSet',
    name: 'turnstile',
    field: 'spec.template.spec.containers[0].resources.limits.memory',
    mentions: ['memory-quota', 'limits.memory'],
  },
  repair: null,
  advice: ['limits.memory', 'app'],
};
