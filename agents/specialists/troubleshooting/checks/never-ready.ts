import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { gravityOf, tellingLine, tellingPassage } from '../../../core/telling-line.ts';
import { type ContainerRun, containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { flapping } from '../flapping.ts';
import { calleeOf, callsOf } from '../log-callees.ts';
import { failingProbes } from '../probe-faults.ts';
import { probeWords } from '../probe-words.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** One failed readiness on a pod that just started is noise; this many in a row are not. */
const LEAST_FAILURES = 3;

/** An error, or worse; a warning does not say why (telling-line.ts). */
const GRAVE = 2;

/** One that starts, that is ready by turns, or that is about to end over something else, is not ready for a moment. Milliseconds. */
const UNREADY_MS = 15_000;

function isYoung({ pod, status }: ContainerRun, now: number): boolean {
  const since = Date.parse(pod.status.conditions.find((c) => c.type === 'Ready' && c.status === 'False')?.lastTransitionTime ?? '');
  const started = Date.parse(status.state.running?.startedAt ?? '');
  return now - since < UNREADY_MS || now - started < UNREADY_MS;
}

export const neverReady = defineCheck({
  code: 'PRB-004',
  title: 'A container runs and fails its probe',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'a container runs but fails its probe',
  doc: `The program runs and its probe fails again and again, and neither the port nor the path is provably wrong: the program itself says, by its
answer, that it is not well, or does not answer in time. The kubelet's words are quoted, and the gravest line of the running program's log, which
mostly says why; where that names a Service of the cluster that it cannot reach, what is wrong there explains this.`,
  run: (ctx) => {
    const byTurns = new Set(flapping(ctx).map(({ placed }) => placed));
    return failingProbes(ctx).flatMap((f) => {
      // A container that fails its liveness or startup probe is ended: the checks of those tell of it then.
      if (byTurns.has(f.placed) || f.probe !== 'readinessProbe' || isYoung(f.run, ctx.now)) return [];
      // A program that ends by itself is not ready between two starts either; why it ends is another check's.
      if (f.times < LEAST_FAILURES || f.run.status.ready || f.run.status.state.running === undefined || f.run.status.restartCount > 0)
        return [];
      const field = `${f.placed.path}.${f.probe}`;
      const how =
        f.how === 'status'
          ? `answers with ${f.statusCode ?? 'an error'}`
          : f.how === 'timeout'
            ? 'does not answer in time'
            : f.how === 'refused'
              ? 'does not accept the connection'
              : 'fails';
      const telling = tellingLine(f.log);
      const line = telling !== undefined && f.log.some((l) => gravityOf(l) >= GRAVE) ? telling : undefined;
      const calls = line === undefined ? [] : callsOf(ctx.view, calleeOf(ctx.view, f.placed.workload.namespace, f.log));
      return [
        {
          subject: f.placed.workload.ref,
          field,
          affects: podsOf(f.placed.runs.filter((r) => !r.status.ready)),
          message: `${containerWords(f.placed)} runs but fails its ${probeWords(f.probe)}: the program ${how}${line === undefined ? '' : `; its log says: ${line.slice(0, 300)}`}`,
          evidence: [
            { kind: 'event' as const, resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text },
            ...(line === undefined ? [] : [logEvidence(f.run, tellingPassage(f.log) ?? line)]),
            fieldEvidence(f.placed.workload.ref, field, JSON.stringify(f.spec)),
          ],
          confidence: line === undefined ? 0.6 : 0.65,
          calls,
          params: {
            container: f.placed.spec.name,
            path: f.placed.path,
            supply:
              line !== undefined
                ? `mend what the log of ${containerWords(f.placed)} speaks of; the probe only tells of it`
                : `see in the log of ${containerWords(f.placed)} why the program ${how} when it is asked for its readiness, and what it waits for`,
          },
        },
      ];
    });
  },
});
