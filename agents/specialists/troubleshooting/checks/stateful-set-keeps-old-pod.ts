import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';
import { ordinalOf } from './stateful-set-waits-for-pod.ts';

/** The controller replaces what is ready within seconds; what has not been ready for so long it waits for. Milliseconds. */
const GRACE_MS = 30_000;

export const statefulSetKeepsOldPod = defineCheck({
  code: 'STS-003',
  title: 'A broken pod of an earlier revision keeps a StatefulSet from being updated',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a broken pod of an earlier revision blocks its update',
  doc: `The template of the StatefulSet was changed, and a pod of the template before never got ready. The controller waits for that pod before it replaces
any, and it will never be ready: repairing the template is not enough, the pod must be deleted. Pods below the partition of a rolling update stay
as they are on purpose.`,
  run: ({ view, now, passed }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const { object, pods } = w;
      if (object.kind !== 'StatefulSet' || object.spec.podManagementPolicy === 'Parallel') return [];
      const { updateRevision, observedGeneration } = object.status;
      if (updateRevision === undefined || (observedGeneration ?? 0) < (object.metadata.generation ?? 0)) return [];
      const partition = object.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
      const old = pods.filter((p) => {
        const revision = p.metadata.labels['controller-revision-hash'];
        const since = p.status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? p.metadata.creationTimestamp ?? '';
        return (
          revision !== undefined &&
          revision !== updateRevision &&
          !isReady(p) &&
          p.metadata.deletionTimestamp == null &&
          ordinalOf(p) >= partition &&
          now - Date.parse(since) >= GRACE_MS
        );
      });
      if (old.length === 0) {
        passed(w.ref, 'no broken pod of an earlier revision is left');
        return [];
      }
      return [
        {
          subject: w.ref,
          field: 'status.updateRevision',
          affects: old.map(refOf),
          message: `${names(old.map((p) => p.metadata.name))} ${old.length === 1 ? 'is' : 'are'} not ready and of an earlier revision than ${updateRevision}; the StatefulSet waits for ${old.length === 1 ? 'it' : 'them'} before it makes pods of the changed template, so delete ${old.length === 1 ? 'it' : 'them'}`,
          evidence: [
            fieldEvidence(w.ref, 'status.updateRevision', updateRevision),
            ...old
              .slice(0, 3)
              .map((p) =>
                fieldEvidence(refOf(p), 'metadata.labels[controller-revision-hash]', p.metadata.labels['controller-revision-hash'] ?? ''),
              ),
          ],
          confidence: 0.85,
        },
      ];
    }),
});
