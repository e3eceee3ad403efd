import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type ContainerRun, containerWords, failedRun, fieldEvidence, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { exitWords, isFromOutside } from '../exit-status.ts';
import { probesThatKill } from '../probe-faults.ts';
import { probeWords } from '../probe-words.ts';
import { count } from '../scheduling-evidence.ts';

/** Once happens: a node that restarts ends everything. */
const LEAST_RESTARTS = 2;

/** How it ended, if that was another's doing. A program that heeds SIGTERM has a status of its own when a probe has it ended. */
function endedFromOutside(run: ContainerRun, byProbe: boolean) {
  const ended = byProbe ? (run.status.state.terminated ?? run.status.lastState.terminated) : failedRun(run);
  return ended === undefined || ended.reason === 'OOMKilled' || !(byProbe || isFromOutside(ended.exitCode)) ? undefined : ended;
}

export const programKilledFromOutside = defineCheck({
  code: 'POD-014',
  title: 'A program is ended from outside again and again',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it is ended from outside',
  doc: `Statuses 137 and 143 are SIGKILL and SIGTERM: the program did not end by itself. Where its memory was the reason the kubelet says OOMKilled, which is another
check's. Else it was the kubelet, because the liveness or startup probe failed (its events tell), or the node, or another process in the container.`,
  run: (ctx) => {
    const killers = probesThatKill(ctx);
    return placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      for (const run of placed.runs) {
        const killer = killers.get(placed);
        const ended = endedFromOutside(run, killer?.killed === true);
        if (ended === undefined || run.status.restartCount < LEAST_RESTARTS) continue;
        const field = killer === undefined ? placed.path : `${placed.path}.${killer.probe}`;
        const why =
          killer === undefined
            ? 'not for its memory limit, and no failing probe is known; see whether the node ran out of memory or was restarted, or what else in the container ends it'
            : `the ${probeWords(killer.probe)} fails, so the kubelet ends it; see why the program does not answer that, or ask it something it answers`;
        return [
          {
            subject: placed.workload.ref,
            field,
            affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
            message: `${containerWords(placed)} ${isFromOutside(ended.exitCode) ? exitWords(ended.exitCode) : 'is ended'} from outside, ${count(run.status.restartCount, 'time')} so far: ${why}`,
            evidence: [
              statusEvidence(
                run,
                `exit status ${ended.exitCode} (${ended.reason ?? 'no reason'}), ${count(run.status.restartCount, 'restart')}`,
              ),
              ...(killer === undefined
                ? []
                : [
                    { kind: 'event' as const, resource: refOf(killer.run.pod), source: 'Unhealthy', text: killer.text },
                    fieldEvidence(placed.workload.ref, field, JSON.stringify(killer.spec)),
                  ]),
            ],
            confidence: killer === undefined ? 0.45 : 0.68,
            params: {
              container: placed.spec.name,
              path: placed.path,
              supply: `find what ends ${containerWords(placed)}: ${why}`,
            },
          },
        ];
      }
      return [];
    });
  },
});
