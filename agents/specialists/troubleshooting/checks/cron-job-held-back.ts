import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { parseSchedule, period } from '../cron.ts';

/** A Job that runs over its period once may be late; over so many periods it stands still. */
const PERIODS = 3;

export const cronJobHeldBack = defineCheck({
  code: 'CRN-004',
  title: 'A Job that does not end holds back the runs after it',
  severity: 'medium',
  role: 'symptom',
  kinds: ['CronJob', 'Job'],
  hypothesis: 'a run that does not end holds back the later ones',
  doc: `With concurrencyPolicy Forbid no Job is made while one of the CronJob runs. One has been running for several periods, so that runs are left out. Why it
does not end another check may know.`,
  run: ({ view, now }) =>
    view.list('CronJob').flatMap((cron): FindingDraft[] => {
      if (cron.spec.concurrencyPolicy !== 'Forbid' || cron.spec.suspend === true) return [];
      const schedule = parseSchedule(cron.spec.schedule);
      const every = schedule === undefined ? undefined : period(schedule, now);
      if (every === undefined) return [];
      const ref = refOf(cron);
      return cron.status.active.flatMap(({ name }): FindingDraft[] => {
        const job = view.get('Job', cron.metadata.namespace, name);
        const started = Date.parse(job?.status.startTime ?? '');
        if (job === undefined || !(now - started > PERIODS * every)) return [];
        return [
          {
            subject: ref,
            field: 'spec.concurrencyPolicy',
            affects: [refOf(job)],
            message: `Job ${name} runs since ${new Date(started).toISOString()}, over ${Math.floor((now - started) / every)} periods of the schedule, and concurrencyPolicy Forbid lets no other run meanwhile`,
            evidence: [
              fieldEvidence(refOf(job), 'status.startTime', job.status.startTime ?? ''),
              fieldEvidence(ref, 'spec.schedule', cron.spec.schedule),
            ],
            confidence: 0.6,
            params: {
              supply: `see what Job ${name} hangs at (the log of its pod), then delete it so that the schedule goes on; an activeDeadlineSeconds in the jobTemplate of CronJob ${cron.metadata.name} ends such a run by itself`,
            },
          },
        ];
      });
    }),
});
