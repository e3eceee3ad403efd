import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '05-registry-unreachable',
  family: 5,
  title: 'A change names an image on a registry that cannot be reached',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('catalog', 'ErrImagePull', 'ImagePullBackOff'),
  expect: { codes: ['IMG-003'], kind: 'Deployment', name: 'catalog', mentions: ['registry.invalid/quarterdeck/workload:1.2.3'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'catalog') },
};
