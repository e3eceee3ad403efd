import type { FaultCase } from '../case.ts';
import { all, restarted, rolledOut, runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '15-log-names-a-service-that-is-not-ready',
  family: 15,
  title: 'What a program calls is there and not ready, because its probe asks at a port where nobody listens',
  bystanders: [{ kind: 'Deployment', name: 'mill-pond' }],
  visible: all(restarted('bakery'), runningNotReady('granary')),
  expect: {
    codes: ['PRB-001'],
    kind: 'Deployment',
    name: 'granary',
    field: 'spec.template.spec.containers[0].readinessProbe.httpGet.port',
    mentions: ['8081', '8080'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: all(rolledOut('Deployment', 'granary'), rolledOut('Deployment', 'bakery')) },
};
