import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { JOB_KINDS, failedJobs } from '../failed-jobs.ts';

export const jobRanOutOfTime = defineCheck({
  code: 'JOB-001',
  title: 'A Job ran out of its time',
  severity: 'medium',
  role: 'cause',
  kinds: JOB_KINDS,
  hypothesis: 'its Job ran out of time',
  doc: `activeDeadlineSeconds was reached: the Job's pods were ended, finished or not, and none are made any more. Either the work takes longer than
its time, or it waits for something. Of a CronJob the last Job that ended counts, and only while no later run succeeded.`,
  run: ({ view }) =>
    failedJobs(view).flatMap(({ job, condition, cron, pods }): FindingDraft[] => {
      if (condition.reason !== 'DeadlineExceeded') return [];
      const ref = refOf(job);
      const field = cron === undefined ? 'spec.activeDeadlineSeconds' : 'spec.jobTemplate.spec.activeDeadlineSeconds';
      return [
        {
          subject: cron === undefined ? ref : refOf(cron),
          field,
          affects: [...pods.map(refOf), ...(cron === undefined ? [] : [ref])],
          message: `Job ${job.metadata.name} was ended after ${job.spec.activeDeadlineSeconds ?? '?'} s (activeDeadlineSeconds) without having finished`,
          evidence: [
            fieldEvidence(ref, 'status.conditions[Failed].message', condition.message ?? 'DeadlineExceeded'),
            fieldEvidence(ref, 'spec.activeDeadlineSeconds', String(job.spec.activeDeadlineSeconds ?? '')),
          ],
          confidence: 0.85,
          params: {
            supply:
              cron === undefined
                ? `give it the time the work takes in ${field}, or find what it waits for; a Job's own deadline cannot be changed, so it must be created again`
                : `give it the time the work takes in ${field}, or find what it waits for; the next run takes it over`,
          },
        },
      ];
    }),
});
