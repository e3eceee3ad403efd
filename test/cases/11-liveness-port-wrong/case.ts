import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-liveness-port-wrong',
  family: 11,
  title: 'The liveness probe asks a port nobody listens on',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: restarted('search'),
  expect: { codes: ['PRB-001'], kind: 'Deployment', name: 'search', mentions: ['9090', '8080'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'search') },
};
