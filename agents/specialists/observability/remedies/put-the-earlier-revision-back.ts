import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, revisionOf, workloadAt } from '../../../core/workloads.ts';

export const putTheEarlierRevisionBack = defineRemedy({
  name: 'put-the-earlier-revision-back',
  codes: ['OBS-001', 'OBS-010', 'OBS-020'],
  kinds: WORKLOAD_KINDS,
  doc: `Where it began with a rollout and the template before it is still there, puts that back. The revision that did not show it is the one sure
change; what in the new one does it, people find out in peace.`,
  run: ({ finding, view }) => {
    const { earlier } = finding.params;
    const w = workloadAt(view, finding.subject);
    if (w === undefined || typeof earlier !== 'number') return undefined;
    if (!w.replicaSets.some((rs) => revisionOf(rs) === earlier)) return undefined;
    return {
      plans: [
        {
          remedy: 'put-the-earlier-revision-back',
          title: `Put revision ${earlier} of ${w.object.kind} ${w.name} back`,
          because: `it began with revision ${revisionOf(w.replicaSets[0] ?? w.object)}, and revision ${earlier} did not show it`,
          actions: [{ type: 'undo-rollout', target: w.ref, revision: earlier }],
          verify: [finding.code],
          stableForSeconds: 60,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
