import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '41-external-name-of-nothing',
  family: 41,
  title: 'An ExternalName stands for a Service in the wrong namespace',
  bystanders: [{ kind: 'Deployment', name: 'embassy' }],
  visible: rolledOut('Deployment', 'embassy'),
  expect: { codes: ['SVC-012'], kind: 'Service', name: 'abroad', field: 'spec.externalName', mentions: ['consulate'] },
  repair: null,
  advice: ['externalName'],
};
