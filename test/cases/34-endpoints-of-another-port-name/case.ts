import type { FaultCase } from '../case.ts';
import { fieldIs } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '34-endpoints-of-another-port-name',
  family: 34,
  title: 'Endpoints written by hand call the port otherwise than the Service',
  bystanders: [{ kind: 'Deployment', name: 'salt-carrier' }],
  visible: fieldIs('EndpointSlice', 'salt-works-hand', 'ports.0.name', 'lye'),
  expect: { codes: ['SVC-016'], kind: 'EndpointSlice', name: 'salt-works-hand', mentions: ['brine', 'lye'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: fieldIs('EndpointSlice', 'salt-works-hand', 'ports.0.name', 'brine') },
};
