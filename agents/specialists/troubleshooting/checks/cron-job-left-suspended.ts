import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { nextFiring, parseSchedule, period } from '../cron.ts';
import { saidWhy } from '../said-why.ts';

/** So many runs that did not happen are no pause any more. */
const MISSED = 3;

export const cronJobLeftSuspended = defineCheck({
  code: 'CRN-002',
  title: 'A CronJob that used to run is suspended',
  severity: 'low',
  role: 'cause',
  kinds: ['CronJob'],
  hypothesis: 'it was suspended and left so',
  doc: `It ran by its schedule, then somebody suspended it and several runs have been left out since. Silent where it never ran, where an annotation says why,
and while only few runs are left out.`,
  run: ({ view, now, passed }) =>
    view.list('CronJob').flatMap((cron): FindingDraft[] => {
      const ref = refOf(cron);
      const last = Date.parse(cron.status.lastScheduleTime ?? '');
      if (cron.spec.suspend !== true) {
        passed(ref, 'it is not suspended');
        return [];
      }
      const schedule = parseSchedule(cron.spec.schedule);
      const every = schedule === undefined ? undefined : period(schedule, now);
      if (Number.isNaN(last) || schedule === undefined || every === undefined || saidWhy(cron.metadata.annotations) !== undefined)
        return [];
      const due = nextFiring(schedule, last);
      if (due === undefined || now - due < (MISSED - 1) * every) return [];
      return [
        {
          subject: ref,
          field: 'spec.suspend',
          affects: [],
          message: `the CronJob is suspended: it ran until ${new Date(last).toISOString()} and would have run about ${Math.floor((now - due) / every) + 1} times since; resume it, or write down why it rests`,
          evidence: [
            fieldEvidence(ref, 'spec.suspend', 'true'),
            fieldEvidence(ref, 'status.lastScheduleTime', cron.status.lastScheduleTime ?? ''),
          ],
          confidence: 0.75,
          params: { wrong: true, right: false },
        },
      ];
    }),
});
