import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { nextFiring, parseSchedule, period } from '../cron.ts';

/** So many runs left out are no delay any more. */
const MISSED = 3;
/** The controller looks at each CronJob about so often; a shorter deadline may pass between two looks. Seconds. */
const LEAST_DEADLINE = 10;
/** The controller makes a Job within seconds; one that is refused is tried again and again. Milliseconds. */
const REFUSED_MS = 20_000;
/** Schedules are read in UTC here: another zone may be so far off. Milliseconds. */
const ZONE_MS = 26 * 3_600_000;

export const cronJobMissesRuns = defineCheck({
  code: 'CRN-006',
  title: 'A CronJob does not run when it should',
  severity: 'medium',
  role: 'symptom',
  kinds: ['CronJob'],
  hypothesis: 'its runs are left out',
  doc: `The schedule has fired several times, nothing suspends it and no run is under way, and no Job was made. Where startingDeadlineSeconds is below ten
seconds that is why: a run that is late by more is left out, and the controller is. Otherwise the KubeEvents say what was in the way; where they
say nothing it may have been resumed just now, and nothing is said.`,
  run: ({ view, now, ask, passed }) =>
    view.list('CronJob').flatMap((cron): FindingDraft[] => {
      const ref = refOf(cron);
      const { schedule: text, suspend, startingDeadlineSeconds, timeZone } = cron.spec;
      const schedule = parseSchedule(text);
      if (schedule === undefined || suspend === true || cron.status.active.length > 0 || cron.metadata.deletionTimestamp != null) return [];
      const last = Date.parse(cron.status.lastScheduleTime ?? cron.metadata.creationTimestamp ?? '');
      const due = Number.isNaN(last) ? undefined : nextFiring(schedule, last);
      const every = due === undefined ? undefined : period(schedule, last);
      if (due === undefined || every === undefined) return [];
      const slack = timeZone !== undefined && every > 3_600_000 ? ZONE_MS : 0;
      const few = now - due < Math.max((MISSED - 1) * every + slack, 60_000);
      if (few && now - due < REFUSED_MS) {
        passed(ref, 'it has run when it should');
        return [];
      }
      // What was suspended or had another schedule until a moment ago has missed nothing.
      const record = ask({ type: 'changes', resource: ref, revision: cron.metadata.resourceVersion });
      if (record === undefined) return [];
      const changed = record.ok ? record.value.changes.find((c) => c.fields.some((f) => f.path.startsWith('spec'))) : undefined;
      if (changed !== undefined && now - Date.parse(changed.at) < MISSED * every + slack) return [];
      const fact = ask({ type: 'objectEvents', resource: ref, revision: cron.metadata.resourceVersion });
      if (fact === undefined) return [];
      const said = fact.ok ? fact.value.events.findLast((e) => e.type === 'Warning') : undefined;
      // No need to wait for more: the API server says why no Job is made.
      const refused = said?.reason === 'FailedCreate' && now - Date.parse(said.at ?? '') < every + REFUSED_MS;
      if (few && !refused) {
        passed(ref, 'it has run when it should');
        return [];
      }
      const tooShort = startingDeadlineSeconds !== undefined && startingDeadlineSeconds < LEAST_DEADLINE;
      // Without a word about it, it may as well have been resumed just now.
      if (changed === undefined && said === undefined && !(tooShort && cron.status.lastScheduleTime == null)) return [];
      return [
        {
          subject: ref,
          ...(tooShort ? { field: 'spec.startingDeadlineSeconds' } : {}),
          affects: [],
          message: `about ${Math.floor((now - due) / every) + 1} runs of the schedule "${text}" are left out since ${new Date(due).toISOString()}${tooShort ? `: startingDeadlineSeconds ${startingDeadlineSeconds} is shorter than the controller takes to look, ten seconds` : said === undefined ? '' : `: ${said.message}`}`,
          evidence: [
            fieldEvidence(ref, 'status.lastScheduleTime', cron.status.lastScheduleTime ?? 'never'),
            ...(tooShort ? [fieldEvidence(ref, 'spec.startingDeadlineSeconds', String(startingDeadlineSeconds))] : []),
            ...(said === undefined
              ? []
              : [
                  {
                    kind: 'event' as const,
                    resource: ref,
                    source: said.reason,
                    text: said.message,
                    ...(said.at === undefined ? {} : { at: said.at }),
                  },
                ]),
          ],
          ...(tooShort || refused ? { role: 'cause' as const } : {}),
          confidence: tooShort || refused ? 0.85 : 0.6,
          params: {
            supply: tooShort
              ? `set spec.startingDeadlineSeconds to ${LEAST_DEADLINE} or more, or leave it out`
              : refused
                ? /exceeded quota/.test(said.message)
                  ? 'raise the quota that the API server names, or delete what it counts: of finished Jobs successfulJobsHistoryLimit, failedJobsHistoryLimit and ttlSecondsAfterFinished keep fewer'
                  : 'change what the API server names as the reason, and see that the next run is made'
                : 'see whether the CronJob controller (kube-controller-manager) runs, and what the events of the CronJob say',
          },
        },
      ];
    }),
});
