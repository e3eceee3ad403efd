import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '48-suspended-and-forgotten',
  family: 48,
  title: 'A CronJob ran for weeks, was suspended, and stayed so; another says why it rests',
  bystanders: [
    { kind: 'Deployment', name: 'bakery' },
    { kind: 'CronJob', name: 'easter-bread' },
  ],
  visible: rolledOut('Deployment', 'bakery'),
  expect: { codes: ['CRN-002'], kind: 'CronJob', name: 'daily-bread', field: 'spec.suspend', mentions: ['2026-01-05'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'bakery') },
};
