import type { FaultCase } from '../case.ts';
import { creationRefused, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '29-service-account-misspelt',
  family: 29,
  title: 'A Deployment names a ServiceAccount that does not exist',
  bystanders: [{ kind: 'Deployment', name: 'mailer' }],
  visible: creationRefused('Deployment', 'reports'),
  expect: {
    codes: ['RBC-001'],
    kind: 'Deployment',
    name: 'reports',
    field: 'spec.template.spec.serviceAccountName',
    mentions: ['report-runer', 'report-runner'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'reports') },
};
