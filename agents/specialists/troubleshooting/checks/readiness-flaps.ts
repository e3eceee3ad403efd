import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence } from '../containers.ts';
import { flapping } from '../flapping.ts';

export const readinessFlaps = defineCheck({
  code: 'PRB-012',
  title: 'A program is ready and not ready by turns',
  severity: 'medium',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it is ready and not ready by turns',
  doc: `The container runs on, and its readiness probe fails and is answered by turns: its Service loses it and takes it back again and again. One outage, however long,
is not this; nor is a slow start. Either the program is at its limits, or the probe gives it too little time.`,
  run: (ctx) =>
    flapping(ctx).map(({ placed, run, event, seconds }): FindingDraft => {
      const probe = placed.spec.readinessProbe;
      const field = `${placed.path}.readinessProbe`;
      const slow = /deadline|timed? ?out/i.test(event.message);
      const settings = `timeoutSeconds: ${probe?.timeoutSeconds ?? 1}, failureThreshold: ${probe?.failureThreshold ?? 3}, periodSeconds: ${probe?.periodSeconds ?? 10}`;
      return {
        subject: placed.workload.ref,
        field,
        affects: [refOf(run.pod)],
        message: `${containerWords(placed)} of ${placed.workload.object.kind} ${placed.workload.name} is ready and not ready by turns: its readiness probe failed ${event.count} times in ${Math.round(seconds)} s, with answers between, while the program ran on${slow ? '; it is too slow for timeoutSeconds' : ''}`,
        evidence: [
          { kind: 'event', resource: refOf(run.pod), source: 'Unhealthy', text: event.message },
          fieldEvidence(placed.workload.ref, field, settings),
        ],
        confidence: 0.75,
        params: {
          container: placed.spec.name,
          path: placed.path,
          supply: slow
            ? `give ${containerWords(placed)} of ${placed.workload.name} more CPU, or its readiness probe a longer timeoutSeconds than ${probe?.timeoutSeconds ?? 1}`
            : `see what ${containerWords(placed)} of ${placed.workload.name} waits for when its readiness probe fails; if short failures are normal, raise failureThreshold above ${probe?.failureThreshold ?? 3}`,
        },
      };
    }),
});
