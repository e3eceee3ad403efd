import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '41-external-name-in-no-domain',
  family: 41,
  title: "An ExternalName ends in a domain that is nearly the cluster's",
  bystanders: [{ kind: 'Deployment', name: 'chancery' }],
  visible: rolledOut('Deployment', 'chancery'),
  expect: {
    codes: ['SVC-012'],
    kind: 'Service',
    name: 'overseas',
    field: 'spec.externalName',
    mentions: ['clutser.local', 'cluster.local'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'chancery') },
};
