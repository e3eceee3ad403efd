import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { draftOf, runningOut } from '../running-out.ts';
import { SUBJECT_KINDS, nameOf, objectOfSeries } from '../subjects.ts';

export const allowanceWillBeUsedUp = defineCheck({
  code: 'OBS-004',
  title: 'A quota or an autoscaler’s maximum will be reached',
  severity: 'low',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'exhaustion.predicted',
  hypothesis: 'a quota or an autoscaler’s maximum is being used up',
  doc: `What a namespace uses of a ResourceQuota grows and will reach it within a day, or an autoscaler nears its maximum within two hours. What
comes after that is refused, or is not scaled.`,
  run: (ctx) => [
    ...runningOut(ctx, 'quota_used').flatMap((r) => {
      const quota = objectOfSeries(ctx.view, 'ResourceQuota', r.labels);
      if (quota === undefined) return [];
      const subject = refOf(quota);
      const resource = r.labels['resource'] ?? '';
      const what = `${resource} of ${nameOf(subject)} will be used up`;
      return [draftOf(r, ctx.now, { subject, affects: [], what, remedy: 'make room or have it raised', field: `spec.hard.${resource}` })];
    }),
    ...runningOut(ctx, 'hpa_replicas').flatMap((r) => {
      const hpa = objectOfSeries(ctx.view, 'HorizontalPodAutoscaler', r.labels);
      if (hpa === undefined) return [];
      const subject = refOf(hpa);
      const what = `${nameOf(subject)} will be at its maximum`;
      return [draftOf(r, ctx.now, { subject, affects: [], what, remedy: 'raise it if the cluster bears it', field: 'spec.maxReplicas' })];
    }),
  ],
});
