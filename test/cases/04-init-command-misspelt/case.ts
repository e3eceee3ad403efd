import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '04-init-command-misspelt',
  family: 4,
  title: 'The second init container names a program that the image lacks',
  bystanders: [{ kind: 'Deployment', name: 'miller' }],
  visible: podSays('windmill', 'StartError', 'ContainerCannotRun', 'RunContainerError', 'CrashLoopBackOff'),
  expect: { codes: ['POD-001'], kind: 'Deployment', name: 'windmill', mentions: ['/bin/wrkload', 'init container sails'] },
  repair: null,
  advice: ['sails'],
};
