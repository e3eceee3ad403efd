import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

/** A registry on the node's loopback address, the only one the test cluster can reach. */
export const CASE: FaultCase = {
  id: '05-pull-secret-missing',
  family: 5,
  title: 'The pull secret of a private registry does not exist',
  bystanders: [{ kind: 'Deployment', name: 'bonded-store' }],
  visible: podSays('importer', 'ErrImagePull', 'ImagePullBackOff'),
  expect: {
    codes: ['IMG-006'],
    kind: 'Deployment',
    name: 'importer',
    field: 'spec.template.spec.imagePullSecrets[0].name',
    mentions: ['bonded-pull'],
  },
  repair: null,
  advice: ['bonded-pull'],
};
