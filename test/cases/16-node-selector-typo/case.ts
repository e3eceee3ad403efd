import type { FaultCase } from '../case.ts';
import { all, fieldIs, rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '16-node-selector-typo',
  family: 16,
  title: 'The node selector has a label value with a letter too few',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('encoder'),
  expect: {
    codes: ['SCH-001'],
    kind: 'Deployment',
    name: 'encoder',
    field: 'spec.template.spec.nodeSelector["kubernetes.io/os"]',
    mentions: ['kubernetes.io/os=linus', 'kubernetes.io/os=linux'],
  },
  repair: {
    actions: ['patch'],
    maxRisk: 'medium',
    after: all(rolledOut('Deployment', 'encoder'), fieldIs('Deployment', 'encoder', 'spec.replicas', 2)),
  },
};
