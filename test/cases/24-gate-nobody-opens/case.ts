import type { FaultCase } from '../case.ts';
import { at, podsOf } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '24-gate-nobody-opens',
  family: 24,
  title: 'A scheduling gate that nobody removes',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: (seen) =>
    podsOf(seen, 'intake').some((pod) =>
      ((at(pod, 'status.conditions') ?? []) as { reason?: string }[]).some((c) => c.reason === 'SchedulingGated'),
    ),
  expect: {
    codes: ['SCH-016'],
    kind: 'Deployment',
    name: 'intake',
    field: 'spec.template.spec.schedulingGates[0].name',
    mentions: ['qd-case.example/review'],
  },
  repair: null,
  advice: ['qd-case.example/review'],
};
