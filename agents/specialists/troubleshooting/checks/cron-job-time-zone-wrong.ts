import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';

/** As the controller's time zone database reads a name: exactly, no offsets. */
function isZone(name: string): boolean {
  if (name === 'UTC' || name === 'Etc/UTC') return true;
  if (name === '' || /^[+-]/.test(name) || name === 'Local') return false;
  try {
    // The language ignores case where a file system does not; names it does not list are old ones it knows all the same.
    new Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch {
    return false;
  }
  const lower = name.toLowerCase();
  const listed = Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase() === lower);
  return listed === undefined || listed === name;
}

export const cronJobTimeZoneWrong = defineCheck({
  code: 'CRN-005',
  title: 'The time zone of a CronJob is wrong',
  severity: 'medium',
  role: 'cause',
  kinds: ['CronJob'],
  hypothesis: 'its time zone is wrong',
  doc: `spec.timeZone is no name of the time zone database, so that the controller cannot tell when to run it (event UnknownTimeZone); or the zone stands in the
schedule (TZ= or CRON_TZ=), which is not supported and refused for new CronJobs: it belongs in spec.timeZone.`,
  run: ({ view, passed }) =>
    view.list('CronJob').flatMap((cron): FindingDraft[] => {
      const ref = refOf(cron);
      const { timeZone, schedule } = cron.spec;
      const inside = /^\s*(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(schedule);
      if (inside !== null) {
        const [, zone = '', plain = ''] = inside;
        return [
          {
            subject: ref,
            field: 'spec.schedule',
            affects: [],
            message: `the schedule "${schedule}" has a time zone in it, which is not supported; write "${plain}" and set spec.timeZone to ${zone}`,
            evidence: [fieldEvidence(ref, 'spec.schedule', schedule)],
            severity: cron.status.lastScheduleTime == null ? 'medium' : 'low',
            confidence: 0.9,
            params: { supply: `set spec.schedule to "${plain}" and spec.timeZone to ${zone}` },
          },
        ];
      }
      if (timeZone === undefined || isZone(timeZone)) {
        passed(ref, timeZone === undefined ? 'it names no time zone' : `${timeZone} is a time zone`);
        return [];
      }
      const zones = Intl.supportedValuesOf('timeZone');
      const right = zones.find((zone) => zone.toLowerCase() === timeZone.toLowerCase()) ?? nearest(timeZone, zones);
      return [
        {
          subject: ref,
          field: 'spec.timeZone',
          affects: [],
          message: `${timeZone} is no time zone, so the CronJob does not run${right === undefined ? '' : `; was ${right} meant?`}`,
          evidence: [fieldEvidence(ref, 'spec.timeZone', timeZone)],
          confidence: 0.95,
          params: {
            wrong: timeZone,
            ...(right === undefined ? { supply: 'set spec.timeZone to a name like Europe/Berlin, or leave it out for UTC' } : { right }),
          },
        },
      ];
    }),
});
