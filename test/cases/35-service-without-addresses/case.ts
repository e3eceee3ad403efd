import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '35-service-without-addresses',
  family: 35,
  title: 'A program calls a Service that has no selector, and nobody wrote the addresses it stands for',
  bystanders: [{ kind: 'Deployment', name: 'pier' }],
  visible: restarted('carrier'),
  expect: { codes: ['SVC-001'], kind: 'Service', name: 'depot', field: 'spec.selector', mentions: ['selector', 'carrier'] },
  repair: null,
  advice: ['EndpointSlice'],
};
