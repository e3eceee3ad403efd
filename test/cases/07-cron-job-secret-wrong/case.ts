import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-cron-job-secret-wrong',
  family: 7,
  title: 'A CronJob takes its variables from a Secret whose name is misspelt',
  bystanders: [{ kind: 'Deployment', name: 'tollhouse' }],
  visible: podSays('tollkeeper', 'CreateContainerConfigError'),
  expect: {
    codes: ['CFG-002'],
    kind: 'CronJob',
    name: 'tollkeeper',
    field: 'spec.jobTemplate.spec.template.spec.containers[0].envFrom[0].secretRef.name',
    mentions: ['toll-tarrif', 'toll-tariff'],
  },
  repair: {
    actions: ['patch', 'delete'],
    maxRisk: 'destructive',
    after: (seen) => JSON.stringify(seen.get('CronJob', 'tollkeeper') ?? {}).includes('toll-tariff'),
  },
};
