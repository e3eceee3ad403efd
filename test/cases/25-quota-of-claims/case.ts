import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '25-quota-of-claims',
  family: 25,
  title: 'The claim of a StatefulSet asks for more storage than the quota has left',
  bystanders: [{ kind: 'Deployment', name: 'shelf' }],
  visible: creationRefused('StatefulSet', 'measurements'),
  expect: {
    codes: ['QTA-001'],
    kind: 'StatefulSet',
    name: 'measurements',
    field: 'spec.volumeClaimTemplates',
    mentions: ['disk-share', 'requests.storage', '3Gi', '1Gi'],
  },
  repair: null,
  advice: ['disk-share', '3Gi'],
};
