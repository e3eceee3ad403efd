import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '02-reference-left-as-written',
  family: 2,
  title: 'An argument refers to a variable that is called otherwise',
  bystanders: [{ kind: 'Deployment', name: 'jetty-bell' }],
  visible: restarted('ferryman'),
  expect: { codes: ['CFG-015'], kind: 'Deployment', name: 'ferryman', mentions: ['MOORING_HOST', 'MORING_HOST'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'ferryman') },
};
