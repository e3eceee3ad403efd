import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { refusedBy } from '../refusal-words.ts';
import { isOfClaim, refusedPods } from '../refused-pods.ts';
import { count } from '../scheduling-evidence.ts';

export const podsRefused = defineCheck({
  code: 'ADM-006',
  title: 'The API server does not let its pods in',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'the API server refuses its pods',
  doc: `The controller cannot create pods: the API server refuses them. Its words are quoted; where another check knows the cause, this one is
folded under it. Where a rehearsal shows that a pod would be let in by now, only the controller's next attempt is awaited, which may take
minutes, for it waits longer after each refusal.`,
  run: (ctx) =>
    refusedPods(ctx).flatMap(({ workload, missing, text, evidence, by, admitted }): FindingDraft[] =>
      LEAVING.test(text) || isSaidElsewhere(text, admitted)
        ? []
        : [
            {
              subject: workload.ref,
              affects: by,
              message: admitted
                ? `${count(missing, 'pod')} could not be created, and would be let in now; the controller tries again by itself, after a while. It was refused because: ${text.slice(0, 300)}`
                : `${count(missing, 'pod')} cannot be created: ${text.slice(0, 400)}`,
              evidence: [...evidence],
              confidence: 0.5,
              ...(admitted ? { severity: 'low' as const } : {}),
              params: { admitted, ...(isOfClaim(text) ? { object: 'claim' } : {}) },
            },
          ],
    ),
});

/** The API server's own words for a namespace on its way out: no new pod is wanted there. One that does not get away is another check's. */
const LEAVING = /unable to create new content in namespace \S+ because it is being terminated/;

/** Whether a quota still refuses is arithmetic, and why a webhook cannot be asked is seen at the webhook: other checks say it. */
function isSaidElsewhere(text: string, admitted: boolean): boolean {
  const { by } = refusedBy(text);
  return by === 'quota' || (by === 'webhookFailed' && !admitted);
}
