import type { FaultCase } from '../case.ts';
import { at, podsOf } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '04-init-waits-for-ever',
  family: 4,
  title: 'An init container waits for a Service that nobody has made',
  bystanders: [{ kind: 'Deployment', name: 'signal-box' }],
  visible: (seen) => podsOf(seen, 'train').some((p) => at(p, 'status.initContainerStatuses.0.state.running') !== undefined),
  expect: { codes: ['SVC-011'], kind: 'Deployment', name: 'train', mentions: ['all-clear', 'init container driver'] },
  hiddenWithout: ['pods/log'],
  repair: null,
  advice: ['all-clear'],
};
