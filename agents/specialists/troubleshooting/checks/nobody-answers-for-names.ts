import { type Kind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { failedRun, failureLog, fieldEvidence, placedContainers } from '../containers.ts';
import { calleeOf } from '../log-callees.ts';
import { nameServices } from '../policy-paths.ts';
import { names } from '../scheduling-evidence.ts';
import { selected } from '../service-pods.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** A DNS that is being rolled out is away for a moment. Milliseconds. */
const GRACE_MS = 5_000;

export const nobodyAnswersForNames = defineCheck({
  code: 'DNS-002',
  title: "Nobody answers for the cluster's names",
  severity: 'critical',
  role: 'cause',
  kinds: [...CALLING_KINDS] as const satisfies readonly Kind[],
  hypothesis: "the cluster's DNS is down",
  doc: `No pod behind the Service for port 53 in the system's namespace is ready: scaled to zero, or all of them failing. No name of the cluster resolves then, and programs
say so in many words. Why its pods fail, where they do, another check tells.`,
  run: (ctx) =>
    nameServices(ctx.view).flatMap((service): FindingDraft[] => {
      const behind = selected(ctx.view, service).filter((w) => w.object.kind !== 'Job');
      const ref = refOf(service);
      if (behind.length === 0) return [];
      if (behind.some((w) => w.pods.some(isReady))) {
        ctx.passed(ref, "the cluster's DNS is ready");
        return [];
      }
      const [first] = behind;
      if (first === undefined || ctx.now - Date.parse(first.object.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
      const zero = behind.every((w) => w.desired === 0);
      const hurt = placedContainers(ctx).flatMap((placed) =>
        placed.runs.flatMap((run) => {
          const ended = failedRun(run);
          const lines = ended === undefined ? undefined : failureLog(ctx, run, ended);
          const callee = lines === undefined ? undefined : calleeOf(ctx.view, placed.workload.namespace, lines);
          return callee !== undefined && (callee.how === 'not-found' || callee.port === 53) ? [placed.workload.ref, refOf(run.pod)] : [];
        }),
      );
      return [
        {
          subject: first.ref,
          ...(zero ? { field: 'spec.replicas' } : {}),
          affects: [ref, ...hurt],
          message: zero
            ? `it is scaled to zero, so nobody answers for the names of the cluster (Service ${service.metadata.name})`
            : `none of the pods that answer for the names of the cluster is ready (Service ${service.metadata.name}, ${names(behind.map((w) => `${w.object.kind} ${w.name}`))})`,
          evidence: [
            zero ? fieldEvidence(first.ref, 'spec.replicas', '0') : fieldEvidence(first.ref, 'status', `0 of ${first.desired} ready`),
          ],
          confidence: zero ? 0.97 : 0.66,
          ...(zero ? { params: { replicas: 2, known: false } } : { role: 'symptom' as const }),
        },
      ];
    }),
});
