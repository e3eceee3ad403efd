import type { FaultCase } from '../case.ts';
import { at, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '13-scratch-volume-too-small',
  family: 13,
  title: 'An emptyDir grows over its limit and its pod is evicted',
  bystanders: [{ kind: 'Deployment', name: 'warehouse' }],
  visible: (seen) => seen.list('Pod').some((p) => at(p, 'status.reason') === 'Evicted'),
  expect: { codes: ['RUN-004'], kind: 'Deployment', name: 'packer', mentions: ['4Mi', 'scratch'] },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'packer') },
};
