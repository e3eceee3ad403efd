import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, failureLog, logEvidence, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { endedWell } from '../failing-runs.ts';
import { probesThatKill } from '../probe-faults.ts';
import { count } from '../scheduling-evidence.ts';
import { tellingLine } from '../../../core/telling-line.ts';

/** One that ends once may have been asked to, by a change of its configuration or by the kubelet. */
const LEAST_RESTARTS = 2;

export const programEndsThoughItShouldRun = defineCheck({
  code: 'POD-015',
  title: 'A program is through, and is started again and again',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its program ends without an error',
  doc: `Pods of a Deployment, StatefulSet or DaemonSet are to run on, so the kubelet starts a container again whenever its program ends, even with status 0. A program
that does one thing and ends belongs into a Job; a shell without anything to read ends at once; a server may have to be told to stay in the foreground.`,
  run: (ctx) => {
    const killers = probesThatKill(ctx);
    return placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const { kind } = placed.workload.object;
      const runsOn = placed.role === 'sidecar' || (placed.workload.template.spec.restartPolicy ?? 'Always') === 'Always';
      if (placed.role === 'init' || kind === 'Job' || kind === 'CronJob' || !runsOn || killers.has(placed)) return [];
      for (const run of placed.runs) {
        const ended = endedWell(run);
        if (ended === undefined || run.status.restartCount < LEAST_RESTARTS) continue;
        const lines = failureLog(ctx, run, ended);
        if (lines === undefined) continue;
        const line = tellingLine(lines);
        const command = [...placed.spec.command, ...placed.spec.args].join(' ').slice(0, 120);
        return [
          {
            subject: placed.workload.ref,
            field: command === '' ? placed.path : `${placed.path}.${placed.spec.command.length > 0 ? 'command' : 'args'}`,
            affects: podsOf(placed.runs.filter((r) => endedWell(r) !== undefined)),
            message: `${containerWords(placed)} ends without an error (exit status 0) and is started again and again: ${command === '' ? `the program of image ${placed.spec.image}` : `"${command}"`} should run on; what does its work and ends belongs into a Job`,
            evidence: [
              statusEvidence(run, `exit status 0 (${ended.reason ?? 'no reason'}), ${count(run.status.restartCount, 'restart')}`),
              ...(line === undefined ? [] : [logEvidence(run, line.slice(0, 300))]),
            ],
            confidence: 0.68,
            params: {
              container: placed.spec.name,
              path: placed.path,
              supply: `give ${containerWords(placed)} a program that runs on (in the foreground), or make ${kind} ${placed.workload.name} a Job if it is meant to end`,
            },
          },
        ];
      }
      return [];
    });
  },
});
