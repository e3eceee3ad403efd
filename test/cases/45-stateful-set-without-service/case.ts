import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '45-stateful-set-without-service',
  family: 45,
  title: 'A StatefulSet names a Service that was never made',
  bystanders: [{ kind: 'Deployment', name: 'librarian' }],
  visible: rolledOut('StatefulSet', 'shelf'),
  expect: { codes: ['STS-001'], kind: 'StatefulSet', name: 'shelf', field: 'spec.serviceName', mentions: ['shelf-peers'] },
  repair: { actions: ['create'], maxRisk: 'medium', after: rolledOut('StatefulSet', 'shelf') },
};
