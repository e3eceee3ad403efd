import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '48-schedule-on-a-day-that-is-none',
  family: 48,
  title: 'A CronJob is to run on 30 February',
  bystanders: [{ kind: 'Deployment', name: 'observatory' }],
  visible: rolledOut('Deployment', 'observatory'),
  expect: { codes: ['CRN-001'], kind: 'CronJob', name: 'leap', field: 'spec.schedule', mentions: ['0 4 30 2 *'] },
  repair: null,
  advice: ['spec.schedule'],
};
