import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '01-command-not-in-image',
  family: 1,
  title: 'A change names a program that the image lacks',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('billing', 'StartError', 'ContainerCannotRun', 'RunContainerError', 'CrashLoopBackOff'),
  expect: { codes: ['POD-001'], kind: 'Deployment', name: 'billing', mentions: ['/bin/wrokload'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'billing') },
};
