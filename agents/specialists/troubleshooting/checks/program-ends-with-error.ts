import { defineCheck } from '../../../core/agent.ts';
import { refOf } from '../../../contract/index.ts';
import {
  type ContainerRun,
  containerWords,
  failedRun,
  failureLog,
  fieldEvidence,
  logEvidence,
  placedContainers,
  podsOf,
  statusEvidence,
  unreadLog,
} from '../containers.ts';
import { calleeOf, callsOf } from '../log-callees.ts';
import { CALLING_KINDS } from './called-service-missing.ts';
import { exitWords, isFromOutside } from '../exit-status.ts';
import { probesThatKill } from '../probe-faults.ts';
import { count } from '../scheduling-evidence.ts';
import { tellingLine, tellingPassage } from '../../../core/telling-line.ts';

const lastWords = ({ pod, status }: ContainerRun, line: string) =>
  fieldEvidence(refOf(pod), `status.containerStatuses[name=${status.name}].lastState.terminated.message`, line);

/** What these run is not started again in the same pod: one failure is all there is to see. */
const RUNS_ONCE: ReadonlySet<string> = new Set(['Job', 'CronJob', 'Pod']);

export const programEndsWithError = defineCheck({
  code: 'POD-003',
  title: 'A program ends with an error',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'a program ends with an error of its own',
  doc: `The container ends with a failure again and again (or did so in a Job that has not succeeded). Its log's most telling line is quoted, with the whole stack trace
it stands in; statuses that are signals are put in words. What somebody else ended (SIGKILL, SIGTERM) is another check's.
This is the honest remainder: where another check knows the exact cause, that one stands and this one is folded under it.`,
  run: (ctx) => {
    const killers = probesThatKill(ctx);
    return placedContainers(ctx).flatMap((placed) => {
      if (killers.get(placed)?.killed === true) return [];
      for (const run of placed.runs) {
        const ended = failedRun(run);
        if (ended === undefined) {
          if (run.status.state.running !== undefined && run.status.ready)
            ctx.passed(placed.workload.ref, `container ${placed.spec.name} runs`);
          continue;
        }
        if (ended.reason === 'OOMKilled' || ended.reason === 'StartError' || ended.reason === 'ContainerCannotRun') continue;
        if (run.status.restartCount === 0 && ended.now && !RUNS_ONCE.has(placed.workload.object.kind)) continue;
        if (isFromOutside(ended.exitCode)) continue;
        const log = failureLog(ctx, run, ended);
        if (log === undefined) continue;
        // The kubelet keeps the end of the log, or what the program wrote for it, in the status: all there is where no log can be read.
        const kept = log.length === 0 ? (ended.message ?? '').split('\n').filter((l) => l.trim() !== '') : [];
        const lines = log.length === 0 ? kept : log;
        const line = tellingLine(lines);
        const calls = callsOf(ctx.view, calleeOf(ctx.view, placed.workload.namespace, lines));
        const unread = unreadLog(ctx, run, ended);
        const silent =
          unread === undefined
            ? '; its log is empty, so nothing says why: have it log what it fails at, or run it by hand'
            : `; its log, which may say why, could not be read: ${unread}`;
        return [
          {
            subject: placed.workload.ref,
            field: placed.path,
            affects: podsOf(placed.runs.filter((r) => failedRun(r) !== undefined)),
            message: `${containerWords(placed)} ${line !== undefined && ended.exitCode === 127 ? 'ends with exit status 127' : exitWords(ended.exitCode)}${line === undefined ? silent : `; its log ends with: ${line.slice(0, 300)}`}`,
            evidence: [
              statusEvidence(
                run,
                `exit status ${ended.exitCode}${ended.reason === undefined ? '' : ` (${ended.reason})`}, ${count(run.status.restartCount, 'restart')}`,
              ),
              ...(line === undefined ? [] : [kept.length > 0 ? lastWords(run, line) : logEvidence(run, tellingPassage(lines) ?? line)]),
            ],
            confidence: line === undefined ? 0.4 : 0.65,
            calls,
            // Who cannot reach a Service of the cluster suffers from what is wrong there, or on the way.
            role: calls.length > 0 ? ('symptom' as const) : ('cause' as const),
            params: { container: placed.spec.name, path: placed.path },
          },
        ];
      }
      return [];
    });
  },
});
