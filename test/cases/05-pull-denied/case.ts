import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

/** A registry on the node's loopback address, the only one the test cluster can reach. */
export const CASE: FaultCase = {
  id: '05-pull-denied',
  family: 5,
  title: 'A private registry refuses an init container that brings no credentials',
  bystanders: [{ kind: 'Deployment', name: 'customs-house' }],
  visible: podSays('declarant', 'ErrImagePull', 'ImagePullBackOff'),
  expect: {
    codes: ['IMG-004'],
    kind: 'StatefulSet',
    name: 'declarant',
    field: 'spec.template.spec.initContainers[0].image',
    mentions: ['localhost:5963', 'pull secret'],
  },
  repair: null,
  advice: ['pull secret'],
};
