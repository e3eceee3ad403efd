import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '46-daemon-set-on-no-node',
  family: 46,
  title: 'The node selector of a DaemonSet has a typo',
  bystanders: [{ kind: 'Deployment', name: 'gatehouse' }],
  visible: rolledOut('Deployment', 'gatehouse'),
  expect: { codes: ['DST-001'], kind: 'DaemonSet', name: 'watchman', mentions: ['kubernetes.io/os', 'lniux'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'gatehouse') },
};
