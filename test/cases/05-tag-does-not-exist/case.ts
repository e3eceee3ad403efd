import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '05-tag-does-not-exist',
  family: 5,
  title: 'A change names an image that cannot be pulled',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('catalog', 'ErrImagePull', 'ImagePullBackOff'),
  expect: { codes: ['IMG-001'], kind: 'Deployment', name: 'catalog', mentions: ['registry.invalid/quarterdeck/workload:1.2.3'] },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'catalog') },
};
