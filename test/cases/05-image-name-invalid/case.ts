import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '05-image-name-invalid',
  family: 5,
  title: 'An image name with a capital letter',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('reports', 'InvalidImageName'),
  expect: { codes: ['IMG-001'], kind: 'StatefulSet', name: 'reports', mentions: ['quarterdeck/Workload:1'] },
  repair: { actions: ['patch', 'delete'], maxRisk: 'destructive', after: rolledOut('StatefulSet', 'reports') },
};
