import type { FaultCase } from '../case.ts';
import { all, probeFailed, rolledOut, runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-probe-scheme-wrong',
  family: 11,
  title: 'A readiness probe speaks HTTPS to a program that speaks HTTP',
  bystanders: [{ kind: 'Deployment', name: 'funicular' }],
  visible: all(runningNotReady('chairlift'), probeFailed('chairlift')),
  expect: {
    codes: ['PRB-011'],
    kind: 'Deployment',
    name: 'chairlift',
    field: 'spec.template.spec.containers[0].readinessProbe.httpGet.scheme',
    mentions: ['HTTPS', 'HTTP'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'chairlift') },
};
