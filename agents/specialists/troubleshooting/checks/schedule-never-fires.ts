import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { nextFiring, parseSchedule } from '../cron.ts';

export const scheduleNeverFires = defineCheck({
  code: 'CRN-001',
  title: 'The schedule of a CronJob never fires',
  severity: 'medium',
  role: 'cause',
  kinds: ['CronJob'],
  hypothesis: 'its schedule never fires',
  doc: `The API server refuses what is no schedule at all, but takes one for a day that does not exist, such as 30 February. Whether it is suspended makes no
difference to that.`,
  run: ({ view, now, passed }) =>
    view.list('CronJob').flatMap((cron): FindingDraft[] => {
      const ref = refOf(cron);
      const schedule = parseSchedule(cron.spec.schedule);
      if (schedule !== undefined && nextFiring(schedule, now) !== undefined) {
        passed(ref, 'its schedule fires');
        return [];
      }
      return [
        {
          subject: ref,
          field: 'spec.schedule',
          affects: [],
          message: `the schedule "${cron.spec.schedule}" ${schedule === undefined ? 'cannot be read' : 'names days that do not exist'}, so no Job is ever made`,
          evidence: [fieldEvidence(ref, 'spec.schedule', cron.spec.schedule)],
          confidence: 0.95,
          params: { supply: 'set spec.schedule to when it is meant to run: minute, hour, day of the month, month, day of the week' },
        },
      ];
    }),
});
