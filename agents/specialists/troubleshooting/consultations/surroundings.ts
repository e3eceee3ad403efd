import { defineOffer } from '../../../core/agent.ts';
import { surroundingsOf } from '../../../core/surroundings.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';

/** What an object depends on, and what depends on it, from what is watched anyway. */
export const surroundings = defineOffer('troubleshooting.surroundings', {
  kinds: [
    ...WORKLOAD_KINDS,
    'Service',
    'ConfigMap',
    'Secret',
    'PersistentVolumeClaim',
    'PersistentVolume',
    'Ingress',
    'HorizontalPodAutoscaler',
    'Node',
  ],
  run: ({ input, view }) => surroundingsOf(view as Parameters<typeof surroundingsOf>[0], input.resource),
});
