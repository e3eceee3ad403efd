import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadOf, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';

export const jobRanOutOfTime = defineCheck({
  code: 'JOB-001',
  title: 'A Job ran out of its time',
  severity: 'medium',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its Job ran out of time',
  doc: `activeDeadlineSeconds was reached: the Job's pods were ended, finished or not, and none are made any more. Either the work takes longer than
its time, or it waits for something. Of a CronJob only the newest Job counts, and only while no later run succeeded.`,
  run: ({ view }) =>
    view.list('Job').flatMap((job): FindingDraft[] => {
      const failed = job.status.conditions.find((c) => c.type === 'Failed' && c.status === 'True' && c.reason === 'DeadlineExceeded');
      if (failed === undefined) return [];
      const ref = refOf(job);
      const owner = job.metadata.ownerReferences.find((o) => o.kind === 'CronJob');
      const cron = owner === undefined ? undefined : view.get('CronJob', job.metadata.namespace, owner.name);
      if (cron !== undefined && (cron.status.lastSuccessfulTime ?? '') > (job.status.startTime ?? '')) return [];
      const newer = view
        .list('Job', job.metadata.namespace)
        .some(
          (j) =>
            owner !== undefined &&
            j.metadata.ownerReferences.some((o) => o.uid === owner.uid) &&
            (j.status.startTime ?? '') > (job.status.startTime ?? ''),
        );
      if (newer) return [];
      const pods = view
        .list('Pod', job.metadata.namespace)
        .filter((p) => p.metadata.ownerReferences.some((o) => o.uid === job.metadata.uid));
      const top = workloads(view, job.metadata.namespace ?? '').find((w) => pods.some((p) => workloadOf(view, p) === w));
      const subject = cron === undefined ? ref : refOf(cron);
      const field = cron === undefined ? 'spec.activeDeadlineSeconds' : 'spec.jobTemplate.spec.activeDeadlineSeconds';
      return [
        {
          subject,
          field,
          affects: [...(top === undefined ? [] : [top.ref]), ...pods.map(refOf), ...(cron === undefined ? [] : [ref])],
          message: `Job ${job.metadata.name} was ended after ${job.spec.activeDeadlineSeconds ?? '?'} s (activeDeadlineSeconds) without having finished`,
          evidence: [fieldEvidence(ref, 'status.conditions[Failed].message', failed.message ?? 'DeadlineExceeded')],
          confidence: 0.85,
          params: {
            supply: `give it the time the work takes in ${field}, or find what it waits for; a Job's own deadline cannot be changed, so it must be created again`,
          },
        },
      ];
    }),
});
