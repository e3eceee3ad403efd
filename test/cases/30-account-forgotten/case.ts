import type { FaultCase } from '../case.ts';
import { ready, rolledOut } from '../conditions.ts';

/** proves: that the forgotten account is named and written. The program's line is a quotation; it asks nothing itself. */
export const CASE: FaultCase = {
  id: '30-account-forgotten',
  family: 30,
  title: 'An account was made for a program, and its pods run as the default one',
  bystanders: [{ kind: 'Deployment', name: 'seamarks' }],
  visible: ready('tide-gauge'),
  expect: {
    codes: ['RBC-003'],
    kind: 'Deployment',
    name: 'tide-gauge',
    field: 'spec.template.spec.serviceAccountName',
    mentions: ['list deployments.apps', 'default', 'ServiceAccount tide-gauge'],
  },
  hiddenWithout: ['pods/log'],
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'tide-gauge') },
};
