import type { FaultCase } from '../case.ts';
import { all, fieldIs, restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '34-datagrams-only',
  family: 34,
  title: 'A Service passes on UDP, and is called by TCP',
  bystanders: [{ kind: 'Deployment', name: 'carillon' }],
  visible: restarted('bell-ringer'),
  expect: {
    codes: ['SVC-018'],
    kind: 'Service',
    name: 'carillon',
    field: 'spec.ports[0].protocol',
    mentions: ['UDP', 'TCP', 'bell-ringer'],
  },
  repair: {
    actions: ['patch'],
    maxRisk: 'medium',
    after: all(rolledOut('Deployment', 'bell-ringer'), fieldIs('Service', 'carillon', 'spec.ports.0.protocol', 'TCP')),
  },
};
