import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '27-host-path-forbidden',
  family: 27,
  title: 'A DaemonSet reads the logs of its node where the namespace forbids host paths',
  bystanders: [{ kind: 'Deployment', name: 'barometer' }],
  visible: creationRefused('DaemonSet', 'log-reader'),
  expect: {
    codes: ['ADM-001'],
    kind: 'DaemonSet',
    name: 'log-reader',
    field: 'spec.template.spec.volumes[0].hostPath',
    mentions: ['baseline', 'hostPath', 'NET_ADMIN', 'container reader'],
  },
  repair: null,
  advice: ['hostPath', 'NET_ADMIN'],
};
