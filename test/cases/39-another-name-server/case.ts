import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '39-another-name-server',
  family: 39,
  title: 'A pod asks a name server of its own, which knows nothing of the cluster',
  bystanders: [{ kind: 'Deployment', name: 'atlas' }],
  visible: restarted('wanderer'),
  expect: {
    codes: ['DNS-001'],
    kind: 'Deployment',
    name: 'wanderer',
    field: 'spec.template.spec.dnsPolicy',
    mentions: ['None', '192.0.2.53', 'atlas'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'wanderer') },
};
