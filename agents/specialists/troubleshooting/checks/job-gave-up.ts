import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';

export const jobGaveUp = defineCheck({
  code: 'JOB-002',
  title: 'A Job gave up',
  severity: 'medium',
  role: 'symptom',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its Job gave up after too many failures',
  doc: `backoffLimit was reached, or a pod failed in a way the Job's policy does not retry. Why its pods failed is another check's; where their logs are gone
this stands for itself. Of a CronJob the newest Job counts, and only while no later run succeeded.`,
  run: ({ view }) =>
    view.list('Job').flatMap((job): FindingDraft[] => {
      const failed = job.status.conditions.find((c) => c.type === 'Failed' && c.status === 'True' && c.reason !== 'DeadlineExceeded');
      if (failed === undefined) return [];
      const owner = job.metadata.ownerReferences.find((o) => o.kind === 'CronJob');
      const cron = owner === undefined ? undefined : view.get('CronJob', job.metadata.namespace, owner.name);
      const started = job.status.startTime ?? '';
      if (cron !== undefined && ((cron.status.lastSuccessfulTime ?? '') > started || (cron.status.lastScheduleTime ?? '') > started))
        return [];
      const ref = refOf(job);
      const pods = view
        .list('Pod', job.metadata.namespace)
        .filter((p) => p.metadata.ownerReferences.some((o) => o.uid === job.metadata.uid));
      return [
        {
          subject: cron === undefined ? ref : refOf(cron),
          affects: [...(cron === undefined ? [] : [ref]), ...pods.map(refOf)],
          message: `Job ${job.metadata.name} gave up: ${failed.message ?? failed.reason ?? 'it failed'}`,
          evidence: [fieldEvidence(ref, 'status.conditions[Failed].message', failed.message ?? failed.reason ?? '')],
          confidence: 0.6,
        },
      ];
    }),
});
