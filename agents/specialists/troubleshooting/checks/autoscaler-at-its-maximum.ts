import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { conditionOf } from './autoscaler-target-missing.ts';

/** A peak of a few minutes is what the maximum is for. Milliseconds. */
const GRACE_MS = 300_000;
/** The tolerance of the autoscaler: ten per cent over the target it does nothing. */
const TOLERANCE = 1.1;

export const autoscalerAtItsMaximum = defineCheck({
  code: 'HPA-004',
  title: 'An autoscaler is at its maximum and would go higher',
  severity: 'low',
  role: 'cause',
  kinds: ['HorizontalPodAutoscaler'],
  hypothesis: 'it is at its maximum',
  doc: `The autoscaler wants more replicas than maxReplicas allows (condition ScalingLimited, reason TooManyReplicas) and has done so for five minutes, while
what it measures is over its target. What runs takes the load that is left.`,
  run: ({ view, now, passed }) =>
    view.list('HorizontalPodAutoscaler').flatMap((hpa): FindingDraft[] => {
      const limited = conditionOf(hpa, 'ScalingLimited');
      const ref = refOf(hpa);
      if (limited?.status !== 'True' || limited.reason !== 'TooManyReplicas') {
        passed(ref, 'it is below its maximum');
        return [];
      }
      const over = hpa.spec.metrics.flatMap((m) => {
        const target = m.resource?.target.averageUtilization;
        const seen = hpa.status.currentMetrics.find((c) => c.resource?.name === m.resource?.name)?.resource?.current.averageUtilization;
        return target !== undefined && seen !== undefined && seen > target * TOLERANCE
          ? [`${m.resource?.name ?? ''} ${seen} % of ${target} %`]
          : [];
      });
      const since = Date.parse(limited.lastTransitionTime ?? '');
      if (
        now - since < GRACE_MS ||
        (over.length === 0 && hpa.spec.metrics.some((m) => m.resource?.target.averageUtilization !== undefined))
      )
        return [];
      return [
        {
          subject: ref,
          field: 'spec.maxReplicas',
          affects: [],
          message: `the autoscaler is at its maximum of ${hpa.spec.maxReplicas} since ${new Date(since).toISOString()} and would go higher${over.length === 0 ? '' : ` (${over.join(', ')})`}`,
          evidence: [fieldEvidence(ref, 'status.conditions[ScalingLimited].message', limited.message ?? limited.reason)],
          confidence: 0.8,
          params: { supply: 'raise spec.maxReplicas if the nodes have room, or find out why the load is so high' },
        },
      ];
    }),
});
