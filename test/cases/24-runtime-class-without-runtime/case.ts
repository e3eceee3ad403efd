import type { FaultCase } from '../case.ts';
import { at, podsOf } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '24-runtime-class-without-runtime',
  family: 24,
  title: 'A runtime class names a runtime that the node does not have, so no sandbox is made; only events say so',
  bystanders: [{ kind: 'Deployment', name: 'whimbrel' }],
  visible: (seen) =>
    podsOf(seen, 'dunlin').some(
      (pod) =>
        at(pod, 'status.containerStatuses.0.state.waiting.reason') === 'ContainerCreating' &&
        Date.now() - Date.parse(String(at(pod, 'metadata.creationTimestamp'))) > 31_000,
    ),
  expect: {
    codes: ['NOD-005'],
    kind: 'Deployment',
    name: 'dunlin',
    field: 'spec.template.spec.runtimeClassName',
    mentions: ['turnstone'],
  },
  repair: null,
  advice: ['runtimeClassName'],
};
