import type { FaultCase } from '../case.ts';
import { rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '21-host-port-of-its-own-old-pod',
  family: 21,
  title: 'A new pod needs the host port of the old one, which stays until the new one is ready',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('turnstile'),
  expect: {
    codes: ['SCH-011'],
    kind: 'Deployment',
    name: 'turnstile',
    field: 'spec.strategy.rollingUpdate.maxUnavailable',
    mentions: ['18122', 'earlier pods'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'turnstile') },
};
