import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '04-init-fails-with-a-word',
  family: 4,
  title: 'An init container ends with an error and says why',
  bystanders: [{ kind: 'Deployment', name: 'clerk' }],
  visible: podSays('archive', 'Error', 'CrashLoopBackOff'),
  expect: {
    codes: ['POD-003'],
    kind: 'StatefulSet',
    name: 'archive',
    field: 'spec.template.spec.initContainers[0]',
    mentions: ['schema 12 is newer than this program', 'exit status 3', 'init container upgrade'],
  },
  repair: null,
  advice: ['upgrade'],
};
