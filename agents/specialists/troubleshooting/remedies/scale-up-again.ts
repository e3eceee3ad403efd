import { defineRemedy } from '../../../core/agent.ts';

export const scaleUpAgain = defineRemedy({
  name: 'scale-up-again',
  codes: ['SCL-001', 'DNS-002'],
  kinds: ['Deployment', 'StatefulSet'],
  doc: `Scales back to the replicas there were before, as the record of changes or the autoscaler has it; to one where nobody knows.`,
  run: ({ finding }) => {
    const { replicas } = finding.params;
    // Pods that are there and not ready are another matter than none.
    if (typeof replicas !== 'number') return undefined;
    const known = finding.params['known'] === true;
    return {
      plans: [
        {
          remedy: 'scale-up-again',
          title: `Scale ${finding.subject.kind} ${finding.subject.name} back to ${replicas}`,
          because: `${finding.message}${known ? '' : '; how many it had is not known, one is the least that serves'}`,
          actions: [{ type: 'scale', target: finding.subject, replicas }],
          verify: [finding.code],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
