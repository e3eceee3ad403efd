import type { FaultCase } from '../case.ts';
import { all, probeFailed, rolledOut, runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-readiness-port-wrong',
  family: 11,
  title: 'The readiness probe of a second container asks at a port nobody listens on',
  bystanders: [{ kind: 'Deployment', name: 'cyclist' }],
  visible: all(runningNotReady('tandem'), probeFailed('tandem')),
  expect: {
    codes: ['PRB-001'],
    kind: 'Deployment',
    name: 'tandem',
    field: 'spec.template.spec.containers[1].readinessProbe.httpGet.port',
    mentions: ['8181', '8081'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'tandem') },
};
