import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { JOB_KINDS, failedJobs } from '../failed-jobs.ts';

/** What failed longer ago than this is still undone, but nobody is waiting for it. Milliseconds. */
const LATELY_MS = 86_400_000;

export const jobGaveUp = defineCheck({
  code: 'JOB-002',
  title: 'A Job gave up',
  severity: 'medium',
  role: 'symptom',
  kinds: JOB_KINDS,
  hypothesis: 'its Job gave up after too many failures',
  doc: `backoffLimit was reached, or a pod failed in a way the Job's policy does not retry. Why its pods failed is another check's; where their logs are gone
this stands for itself. Of a CronJob the last Job that ended counts, and only while no later run succeeded.`,
  run: ({ view, now }) =>
    failedJobs(view).flatMap(({ job, condition, cron, pods }): FindingDraft[] => {
      if (condition.reason === 'DeadlineExceeded') return [];
      const ref = refOf(job);
      const said = condition.message ?? condition.reason ?? 'it failed';
      const failures = job.status.failed ?? 0;
      return [
        {
          subject: cron === undefined ? ref : refOf(cron),
          affects: [...(cron === undefined ? [] : [ref]), ...pods.map(refOf)],
          message: `Job ${job.metadata.name} gave up${failures === 0 ? '' : ` after ${failures} failed pod${failures === 1 ? '' : 's'}${condition.reason === 'BackoffLimitExceeded' ? ` (backoffLimit ${job.spec.backoffLimit ?? 6})` : ''}`}: ${said}`,
          evidence: [fieldEvidence(ref, 'status.conditions[Failed].message', said)],
          ...(now - Date.parse(condition.lastTransitionTime ?? '') > LATELY_MS ? { severity: 'low' as const } : {}),
          confidence: 0.6,
        },
      ];
    }),
});
