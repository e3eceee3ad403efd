import type { FaultCase } from '../case.ts';
import { all, fieldIs, rolledOut } from '../conditions.ts';

/** The cluster has one node: the other one, and the endpoint on it, are there by name only. */
export const CASE: FaultCase = {
  id: '42-local-traffic-only',
  family: 42,
  title: 'A Service that answers on its own node only is called from another node',
  bystanders: [{ kind: 'Deployment', name: 'cooper' }],
  visible: all(rolledOut('Deployment', 'milkmaid'), fieldIs('Service', 'creamery', 'spec.internalTrafficPolicy', 'Local')),
  expect: {
    codes: ['SVC-013'],
    kind: 'Service',
    name: 'creamery',
    field: 'spec.internalTrafficPolicy',
    mentions: ['milkmaid', 'upland', 'Cluster'],
  },
  repair: null,
  proposes: ['patch'],
};
