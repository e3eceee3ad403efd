import type { FaultCase } from '../case.ts';
import { all, bound, rolledOut, unschedulable } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '22-claim-name-wrong',
  family: 22,
  title: 'A volume names a claim with a letter missing',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: unschedulable('warehouse'),
  expect: {
    codes: ['VOL-001'],
    kind: 'Deployment',
    name: 'warehouse',
    field: 'spec.template.spec.volumes[0].persistentVolumeClaim.claimName',
    mentions: ['warehouse-dta', 'warehouse-data'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: all(bound('warehouse-data'), rolledOut('Deployment', 'warehouse')) },
};
