import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '55-settings-changed-then-scaled',
  family: 55,
  title: 'A value of a ConfigMap was made unusable; only the pod that started since crashes',
  bystanders: [{ kind: 'Deployment', name: 'almanac' }],
  visible: restarted('tariffs'),
  expect: {
    codes: ['CFG-030'],
    kind: 'ConfigMap',
    name: 'tariff-settings',
    field: 'data[cache_latency]',
    mentions: ['cache_latency', 'tariffs'],
  },
  repair: null,
  advice: ['cache_latency', 'put back'],
};
