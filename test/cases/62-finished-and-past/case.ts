import type { ControlCase } from '../case.ts';
import { all, fieldIs, finished, rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '62-finished-and-past',
  family: 62,
  title: 'A finished Job after a failed attempt, a pod that ran once, a workload scaled to zero',
  bystanders: [
    { kind: 'Deployment', name: 'ledger' },
    { kind: 'Deployment', name: 'nightly-report' },
  ],
  silent: true,
  settled: all(finished('migrate'), fieldIs('Pod', 'one-off', 'status.phase', 'Succeeded'), rolledOut('Deployment', 'ledger')),
};
