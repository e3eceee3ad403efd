import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '01-script-without-its-bit',
  family: 1,
  title: 'A script of a ConfigMap is started, and its mode lets nobody execute it',
  bystanders: [{ kind: 'Deployment', name: 'rope-walk' }],
  visible: restarted('net-mender'),
  expect: {
    codes: ['POD-001'],
    kind: 'Deployment',
    name: 'net-mender',
    field: 'spec.template.spec.volumes[0].configMap.defaultMode',
    mentions: ['/scripts/begin.sh', '0755'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'net-mender') },
};
