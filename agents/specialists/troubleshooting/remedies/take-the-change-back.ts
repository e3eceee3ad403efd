import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, revisionOf, workloadAt } from '../../../core/workloads.ts';

export const takeTheChangeBack = defineRemedy({
  name: 'take-the-change-back',
  codes: ['CHG-001'],
  kinds: WORKLOAD_KINDS,
  doc: `Puts the revision back that did not show it: the one sure change. What in the new one does it, people find out in peace. What was in a ConfigMap
or a Secret before is not kept, so there a person is told which change to take back.`,
  run: ({ finding, view }) => {
    const { earlier } = finding.params;
    const { subject } = finding;
    const w = workloadAt(view, subject);
    if (w === undefined)
      return { advice: `Take the change of ${subject.kind} ${subject.name} back, or restart what reads it once it is right.` };
    if (typeof earlier !== 'number' || !w.replicaSets.some((rs) => revisionOf(rs) === earlier)) return undefined;
    return {
      plans: [
        {
          remedy: 'take-the-change-back',
          title: `Put revision ${earlier} of ${w.object.kind} ${w.name} back`,
          because: `it became worse with revision ${revisionOf(w.replicaSets[0] ?? w.object)}, and revision ${earlier} did not show it`,
          actions: [{ type: 'undo-rollout', target: w.ref, revision: earlier }],
          verify: [finding.code],
          stableForSeconds: 60,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
