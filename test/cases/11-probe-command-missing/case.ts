import type { FaultCase } from '../case.ts';
import { all, probeFailed, runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-probe-command-missing',
  family: 11,
  title: 'A readiness probe runs a command that is not in the image',
  bystanders: [{ kind: 'Deployment', name: 'bicycle' }],
  visible: all(runningNotReady('unicycle'), probeFailed('unicycle')),
  expect: {
    codes: ['PRB-010'],
    kind: 'Deployment',
    name: 'unicycle',
    field: 'spec.template.spec.containers[0].readinessProbe.exec.command[0]',
    mentions: ['pg_isready'],
  },
  repair: null,
  advice: ['pg_isready'],
};
