import type { FaultCase } from '../case.ts';
import { all, restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '53-scaled-to-zero-and-missed',
  family: 53,
  title: 'A backend was scaled to zero, and what calls it cannot start',
  bystanders: [{ kind: 'Deployment', name: 'usher' }],
  visible: restarted('box-office'),
  expect: { codes: ['SCL-001'], kind: 'Deployment', name: 'wickets', field: 'spec.replicas', mentions: ['box-office', '2'] },
  repair: { actions: ['scale'], maxRisk: 'medium', after: all(rolledOut('Deployment', 'wickets'), rolledOut('Deployment', 'box-office')) },
};
