import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isOver, isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';
import { ordinalOf } from './stateful-set-waits-for-pod.ts';

/** The controller replaces what is ready within seconds; what has not been ready for so long it waits for. Milliseconds. */
const GRACE_MS = 30_000;
/** Where no controller is about to replace it, a pod may still come right by itself. Milliseconds. */
const KEPT_MS = 300_000;
/** One that has ended so often by itself does not. */
const CRASHES = 2;
const isCrashing = ({ status }: KubeObject<'Pod'>): boolean =>
  status.containerStatuses.some((c) => c.restartCount >= CRASHES && (c.state.terminated ?? c.lastState.terminated)?.exitCode !== 0);

export const statefulSetKeepsOldPod = defineCheck({
  code: 'STS-003',
  title: 'A broken pod of an earlier revision is not replaced',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a broken pod of an earlier revision is not replaced',
  doc: `The template was changed, and a pod of the template before never got ready. The controller of a StatefulSet waits for that pod before it replaces
any, and it will never be ready: repairing the template is not enough, the pod must be deleted. With the strategy OnDelete (of a DaemonSet too) no pod
is replaced until somebody deletes it. Pods below the partition of a rolling update stay as they are on purpose, and deleting them changes nothing: that one of
them is broken is said where none above it is.`,
  run: ({ view, now, passed }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const held = heldBack(w);
      if (held === undefined) return [];
      const old = held.pods.filter((p) => {
        const since = p.status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? p.metadata.creationTimestamp ?? '';
        return !isReady(p) && !isOver(p) && p.metadata.deletionTimestamp == null && now - Date.parse(since) >= patience(held, p);
      });
      if (old.length === 0) {
        passed(w.ref, 'no broken pod of an earlier revision is left');
        return [];
      }
      const [are, them] = old.length === 1 ? ['is', 'it'] : ['are', 'them'];
      return [
        {
          subject: w.ref,
          field: held.field,
          affects: old.map(refOf),
          message: `${names(old.map((p) => p.metadata.name))} ${are} not ready and of an earlier revision than ${held.than}; ${held.because(them)}`,
          evidence: [
            fieldEvidence(w.ref, held.field, held.value),
            ...old
              .slice(0, 3)
              .map((p) =>
                fieldEvidence(refOf(p), 'metadata.labels[controller-revision-hash]', p.metadata.labels['controller-revision-hash'] ?? ''),
              ),
          ],
          confidence: 0.85,
          params: { deletable: held.deletable, path: held.field },
        },
      ];
    }),
});

/** One that crashes is ready for a moment at each start, and where nobody replaces it that moment changes nothing. Milliseconds. */
const patience = ({ field }: HeldBack, pod: KubeObject<'Pod'>): number =>
  field === 'status.updateRevision' ? GRACE_MS : isCrashing(pod) ? 0 : KEPT_MS;

interface HeldBack {
  /** Pods of an earlier revision that are not replaced. */
  readonly pods: readonly KubeObject<'Pod'>[];
  readonly than: string;
  readonly field: string;
  readonly value: string;
  readonly because: (them: string) => string;
  /** A deleted pod comes back from the template in force. */
  readonly deletable: boolean;
}

const ON_DELETE = { field: 'spec.updateStrategy.type', value: 'OnDelete', deletable: true } as const;
const untilDeleted = (them: string) => `updateStrategy OnDelete replaces no pod until somebody deletes it, so delete ${them}`;

function heldBack({ object, pods, currentPods }: Workload): HeldBack | undefined {
  if (object.kind !== 'StatefulSet' && object.kind !== 'DaemonSet') return undefined;
  if ((object.status.observedGeneration ?? 0) < (object.metadata.generation ?? 0)) return undefined;
  if (object.kind === 'DaemonSet')
    return object.spec.updateStrategy?.type !== 'OnDelete'
      ? undefined
      : { ...ON_DELETE, pods: pods.filter((p) => !currentPods.includes(p)), than: 'the template in force', because: untilDeleted };
  const { updateRevision } = object.status;
  if (updateRevision === undefined) return undefined;
  const old = pods.filter((p) => (p.metadata.labels['controller-revision-hash'] ?? updateRevision) !== updateRevision);
  if (object.spec.updateStrategy?.type === 'OnDelete') return { ...ON_DELETE, pods: old, than: updateRevision, because: untilDeleted };
  const partition = object.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const above = old.filter((p) => ordinalOf(p) >= partition);
  if (above.length > 0)
    return object.spec.podManagementPolicy === 'Parallel'
      ? undefined
      : {
          pods: above,
          than: updateRevision,
          field: 'status.updateRevision',
          value: updateRevision,
          because: (them) => `the StatefulSet waits for ${them} before it makes pods of the changed template, so delete ${them}`,
          deletable: true,
        };
  return {
    pods: old,
    than: updateRevision,
    field: 'spec.updateStrategy.rollingUpdate.partition',
    value: String(partition),
    because: (them) =>
      `partition ${partition} keeps ${them} from the changed template: lower it if that one is to mend ${them}, or take the change back`,
    deletable: false,
  };
}
