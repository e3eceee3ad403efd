import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '06-not-a-program',
  family: 6,
  title: 'The command is a file that no machine can execute',
  bystanders: [{ kind: 'Deployment', name: 'translator' }],
  visible: podSays('rosetta', 'StartError', 'RunContainerError', 'ContainerCannotRun', 'Error'),
  expect: { codes: ['POD-012'], kind: 'Deployment', name: 'rosetta', mentions: ['exec format error'] },
  repair: null,
  advice: ['kubernetes.io/arch'],
};
