import type { FaultCase } from '../case.ts';
import { all, fieldIs, noEndpoints, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '54-caller-in-another-namespace',
  family: 54,
  title: 'A workload crashes because what it calls in another namespace is scaled to zero',
  bystanders: [{ kind: 'Deployment', name: 'doorkeeper' }],
  visible: all(fieldIs('Deployment', 'strongbox', 'spec.replicas', 0), noEndpoints('strongbox')),
  expect: { codes: ['SCL-001'], kind: 'Deployment', name: 'strongbox', field: 'spec.replicas', mentions: ['courier', 'it had 2 before'] },
  repair: { actions: ['scale'], maxRisk: 'medium', after: rolledOut('Deployment', 'strongbox') },
};
