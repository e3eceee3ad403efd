import type { FaultCase } from '../case.ts';
import { creationRefused, ready } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '26-limit-range-maximum',
  family: 26,
  title: 'The second container of a DaemonSet may use more memory than the LimitRange allows',
  bystanders: [{ kind: 'Deployment', name: 'registry-mirror' }],
  visible: creationRefused('DaemonSet', 'shipper'),
  expect: {
    codes: ['QTA-003'],
    kind: 'DaemonSet',
    name: 'shipper',
    field: 'spec.template.spec.containers[1].resources.limits.memory',
    mentions: ['bounds', '128Mi', '64Mi', 'container buffer'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: ready('shipper') },
};
