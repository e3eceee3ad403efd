import type { FaultCase } from '../case.ts';
import { podSays, rolledOut } from '../conditions.ts';

/** A registry on the node's loopback address, the only one the test cluster can reach. */
export const CASE: FaultCase = {
  id: '05-tag-unknown',
  family: 5,
  title: 'A change names a tag that the registry does not have',
  bystanders: [{ kind: 'Deployment', name: 'anchorage' }],
  visible: podSays('tugboat', 'ErrImagePull', 'ImagePullBackOff'),
  expect: {
    codes: ['IMG-002'],
    kind: 'Deployment',
    name: 'tugboat',
    field: 'spec.template.spec.containers[0].image',
    mentions: ['localhost:5961/harbour/tug:9.9.9'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'tugboat') },
};
