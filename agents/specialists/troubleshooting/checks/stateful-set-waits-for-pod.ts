import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { count } from '../scheduling-evidence.ts';

/** So long a pod may take to get ready. Milliseconds. */
const GRACE_MS = 30_000;

export const ordinalOf = ({ metadata }: KubeObject<'Pod'>) => Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? NaN);

export const statefulSetWaitsForPod = defineCheck({
  code: 'STS-002',
  title: 'A StatefulSet waits for one of its pods before it makes the next',
  severity: 'high',
  role: 'symptom',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a pod of it that is not ready keeps the next ones from being made',
  doc: `With podManagementPolicy OrderedReady (the default) a pod is made only when all with a lower number are ready. One that is not ready keeps all after
it from being made, so that a fault in one pod looks like a StatefulSet of which most is missing. Why that pod is not ready another check says.`,
  run: ({ view, now, passed }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const { object, desired, pods } = w;
      if (object.kind !== 'StatefulSet' || object.spec.podManagementPolicy === 'Parallel' || object.metadata.deletionTimestamp != null)
        return [];
      const missing = desired - pods.length;
      const [first] = pods.filter((p) => !isReady(p)).sort((a, b) => ordinalOf(a) - ordinalOf(b));
      if (missing <= 0 || first === undefined) {
        if (missing <= 0) passed(w.ref, 'all its pods have been made');
        return [];
      }
      if (now - Date.parse(first.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
      const ref = refOf(first);
      const ready = first.status.conditions.find((c) => c.type === 'Ready');
      return [
        {
          subject: w.ref,
          affects: [ref],
          message: `pod ${first.metadata.name} is not ready, so the ${count(missing, 'pod')} after it ${missing === 1 ? 'is' : 'are'} not made: the StatefulSet starts them one after the other (podManagementPolicy OrderedReady)`,
          evidence: [
            fieldEvidence(
              ref,
              'status.conditions[Ready]',
              `${ready?.status ?? 'False'} ${ready?.reason ?? first.status.phase ?? ''}`.trim(),
            ),
            fieldEvidence(w.ref, 'spec.replicas', `${pods.length} of ${desired} pods exist`),
          ],
          confidence: 0.6,
        },
      ];
    }),
});
