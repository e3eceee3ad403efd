import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';

const RESTARTABLE = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

export const restartWithNewValues = defineRemedy({
  name: 'restart-with-new-values',
  codes: ['CFG-012'],
  kinds: WORKLOAD_KINDS,
  doc: `Replaces the pods of a workload by new ones of the same template, which read the present values of its ConfigMaps and Secrets.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    if (workload === undefined) return undefined;
    const { kind, name } = finding.subject;
    if (!RESTARTABLE.has(kind))
      return { advice: `Delete the pods of ${kind} ${name} and let them be made again, with the present values.` };
    return {
      plans: [
        {
          remedy: 'restart-with-new-values',
          title: `Restart ${kind} ${name}, so that it reads the present values`,
          because: finding.message,
          verify: [finding.code],
          actions: [{ type: 'restart-rollout', target: finding.subject }],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
