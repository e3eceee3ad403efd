import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { count, names } from '../scheduling-evidence.ts';

/** A node may have room in a moment. Milliseconds. */
const GRACE_MS = 120_000;
/** The kubelet will not try again, whatever happens on the node. */
const NEVER = 'Infeasible';

export const podNotResized = defineCheck({
  code: 'POD-019',
  title: 'A running pod is not given the resources that were asked for',
  severity: 'medium',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its resources were changed while it ran, and its node cannot give them',
  doc: `The resources of a running pod were changed in place, by a person or an autoscaler, and the kubelet does not do it: the node has less than that even when empty, or the
container does not allow it (condition PodResizePending, Infeasible), or there is no room at present (Deferred). The pod runs on with what it had.`,
  run: ({ view, now }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const waiting = w.pods.flatMap((pod) => {
        const condition = pod.status.conditions.find(
          (c) =>
            c.status === 'True' &&
            (c.type === 'PodResizePending' || (c.type === 'PodResizeInProgress' && c.reason === 'Error')) &&
            now - Date.parse(c.lastTransitionTime ?? '') > GRACE_MS,
        );
        return condition === undefined ? [] : [{ pod, condition }];
      });
      const [first] = waiting;
      if (first === undefined) return [];
      const { pod, condition } = first;
      const never = condition.reason === NEVER;
      return [
        {
          subject: w.ref,
          affects: waiting.map((x) => refOf(x.pod)),
          message: `the resize of ${waiting.length === 1 ? `pod ${pod.metadata.name}` : `${count(waiting.length, 'pod')} (${names(waiting.map((x) => x.pod.metadata.name))})`} ${never ? 'can never be done on' : 'waits for'} ${pod.spec.nodeName ?? 'its node'}: ${condition.message ?? condition.reason ?? 'the kubelet does not say why'}; it runs on with what it had`,
          evidence: [
            fieldEvidence(refOf(pod), `status.conditions[${condition.type}]`, `${condition.reason ?? ''}: ${condition.message ?? ''}`),
          ],
          confidence: 0.9,
          params: {
            supply: never
              ? `ask for no more than ${pod.spec.nodeName ?? 'its node'} has, or have pod ${pod.metadata.name} made anew where there is a larger node`
              : `free room on ${pod.spec.nodeName ?? 'its node'}, or ask for less`,
          },
        },
      ];
    }),
});
