import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { refusedBy } from '../refusal-words.ts';
import { refusedPods } from '../refused-pods.ts';
import { count } from '../scheduling-evidence.ts';

export const admissionDeniesPods = defineCheck({
  code: 'ADM-004',
  title: 'A policy of the cluster refuses its pods',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a policy of the cluster refuses its pods',
  doc: `An admission webhook or a ValidatingAdmissionPolicy looked at the pods and said no. That is a decision, and its words say what must
change in the workload. The policy is named and quoted; it is never proposed to weaken it.`,
  run: (ctx) =>
    refusedPods(ctx).flatMap(({ workload, missing, text, evidence, by, admitted }): FindingDraft[] => {
      const words = refusedBy(text);
      if ((words.by !== 'webhookDenied' && words.by !== 'policy') || admitted) return [];
      const who = words.by === 'policy' ? `ValidatingAdmissionPolicy ${words.policy}` : `webhook ${words.webhook}`;
      return [
        {
          subject: workload.ref,
          field: workload.specPath,
          affects: by,
          message: `${count(missing, 'pod')} cannot be created: ${who} denies them${words.reason === '' ? ' and gives no reason' : `: ${words.reason.slice(0, 300)}`}`,
          evidence: [...evidence],
          confidence: 0.93,
          params: { who },
        },
      ];
    }),
});
