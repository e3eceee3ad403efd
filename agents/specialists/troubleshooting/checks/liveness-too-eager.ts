import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, podsOf } from '../containers.ts';
import { failingProbes, probePort } from '../probe-faults.ts';

export const livenessTooEager = defineCheck({
  code: 'PRB-003',
  title: 'A program is killed before it has started',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'liveness is asked before the program has started',
  doc: `The liveness or startup probe is refused (or not answered) at the right port until its threshold is reached, the container is killed and begins
anew, again and again. Time allowed = initialDelaySeconds + periodSeconds x failureThreshold (API reference, Probe v1).`,
  run: (ctx) =>
    failingProbes(ctx).flatMap((f) => {
      if (f.probe === 'readinessProbe' || f.run.status.restartCount === 0 || (f.how !== 'refused' && f.how !== 'timeout')) return [];
      const asked = probePort(f.spec, f.placed.spec);
      if (asked === undefined || (f.listens.length > 0 && !f.listens.some((l) => l.port === asked))) return [];
      const allowed = (f.spec.initialDelaySeconds ?? 0) + (f.spec.periodSeconds ?? 10) * (f.spec.failureThreshold ?? 3);
      const field = `${f.placed.path}.${f.probe}`;
      return [
        {
          subject: f.placed.workload.ref,
          field,
          affects: podsOf(f.placed.runs),
          message: `${containerWords(f.placed)} is killed before it has started: the ${f.probe === 'startupProbe' ? 'startup' : 'liveness'} probe gives it ${allowed} s, and it does not listen at port ${asked} by then; give it longer with a startup probe`,
          evidence: [
            { kind: 'event' as const, resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text },
            fieldEvidence(
              f.placed.workload.ref,
              field,
              `initialDelaySeconds: ${f.spec.initialDelaySeconds ?? 0}, periodSeconds: ${f.spec.periodSeconds ?? 10}, failureThreshold: ${f.spec.failureThreshold ?? 3}`,
            ),
          ],
          confidence: 0.85,
          params: { container: f.placed.spec.name, path: f.placed.path, probe: f.probe, allowed },
        },
      ];
    }),
});
