import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, failedRun, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { essence, warningEvidence } from '../pod-warnings.ts';
import { failedStartHook } from '../start-hook.ts';

export const startHookFails = defineCheck({
  code: 'POD-018',
  title: 'A hook after the start of a container fails',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its hook after the start fails',
  doc: `The command or request of lifecycle.postStart failed, so the kubelet ended the container: the status shows SIGKILL or SIGTERM, as if somebody else had
done it, and only an event (FailedPostStartHook) says why. The hook runs beside the program, which may not listen yet.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const run = placed.runs.find((r) => {
        const ended = failedRun(r);
        return ended !== undefined && ended.reason !== 'OOMKilled';
      });
      const said = run === undefined ? undefined : failedStartHook(ctx, placed, run);
      if (run === undefined || said === undefined) return [];
      const field = `${placed.path}.lifecycle.postStart`;
      return [
        {
          subject: placed.workload.ref,
          field,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
          message: `the hook after the start of ${containerWords(placed)} fails, so the kubelet ends the container: ${essence(said.message, 200)}`,
          evidence: [
            warningEvidence(run.pod, said),
            statusEvidence(run, `exit status ${failedRun(run)?.exitCode ?? ''}, after the kubelet ended it`),
          ],
          confidence: 0.92,
          params: {
            container: placed.spec.name,
            path: placed.path,
            supply: `correct what ${field} does, or let it wait for what it needs`,
          },
        },
      ];
    }),
});
