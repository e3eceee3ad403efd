import type { FaultCase } from '../case.ts';
import { all, podSays, rolledOut, runningNotReady } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '59-two-faults-at-once',
  family: 59,
  title: 'A Secret of one workload is missing, and the probe of its neighbour asks at a port nobody listens on',
  bystanders: [{ kind: 'Deployment', name: 'usherette' }],
  visible: all(podSays('balcony', 'CreateContainerConfigError'), runningNotReady('brassband')),
  expect: {
    codes: ['CFG-002'],
    kind: 'Deployment',
    name: 'balcony',
    field: 'spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name',
    mentions: ['balcony-ticket', 'balcony-tickets'],
  },
  also: [
    {
      codes: ['PRB-001'],
      kind: 'Deployment',
      name: 'brassband',
      field: 'spec.template.spec.containers[0].readinessProbe.httpGet.port',
      mentions: ['9191', '8080'],
    },
  ],
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'balcony') },
};
