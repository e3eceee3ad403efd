import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type CheckContext, defineCheck } from '../../../core/agent.ts';
import { count, schedulerSaid } from '../scheduling-evidence.ts';
import type { View } from '../../../core/view.ts';
import type { Stage } from '../scheduling-filters.ts';
import { SCHEDULING_KINDS, type SchedulingKind, type SchedulingView } from '../scheduling-kinds.ts';
import { podsOn } from '../scheduling-neighbours.ts';
import { type Stuck, stuckWorkloads } from '../scheduling.ts';

/** A pod without an explanation may still find its place: a claim is being bound, other pods are ending. Milliseconds. */
const GRACE_MS = 10_000;

/** What other pods hold, or a node that is not ready, may be free soon. */
const PASSING: ReadonlySet<Stage> = new Set(['near', 'ports', 'apart', 'spread', 'claim', 'free', 'ready']);
/** Within this the scheduler tries a pod again that it has refused. Milliseconds. */
const CHANGE_GRACE_MS = 20_000;
/** Making a volume takes a while. Milliseconds. */
const CLAIM_GRACE_MS = 30_000;

/** A claim of the pod is absent, which another check tells of, or so new that it may yet be bound. */
function awaitsItsClaim(view: View<'PersistentVolumeClaim'>, { metadata, spec }: KubeObject<'Pod'>, now: number): boolean {
  return spec.volumes.some((volume) => {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name === undefined) return false;
    const claim = view.get('PersistentVolumeClaim', metadata.namespace, name);
    return (
      claim === undefined || (claim.status.phase !== 'Bound' && now - Date.parse(claim.metadata.creationTimestamp ?? '') < CLAIM_GRACE_MS)
    );
  });
}

/** A pod on one of the nodes is on its way out, and not overdue: it may be what the waiting ones wait for. */
function somethingEnds({ blame }: Stuck, view: SchedulingView, now: number): boolean {
  return (blame?.candidates ?? []).some((node) =>
    podsOn(view, node.metadata.name).some((p) => now < Date.parse(p.metadata.deletionTimestamp ?? '') + GRACE_MS),
  );
}

/** A node would take it by now, and its workload was changed a moment ago: the scheduler looks again after a few seconds. */
function changedLately({ ask, now }: CheckContext<SchedulingKind>, { workload }: Stuck): boolean {
  const fact = ask({ type: 'changes', resource: workload.ref, revision: workload.object.metadata.resourceVersion });
  return fact === undefined || (fact.ok && fact.value.changes.some((c) => now - Date.parse(c.at) < CHANGE_GRACE_MS));
}

export const podsNotPlaced = defineCheck({
  code: 'SCH-010',
  title: 'Pods are not placed on any node',
  severity: 'high',
  role: 'symptom',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its pods find no node',
  doc: `The scheduler tried and refused (condition PodScheduled is False, reason Unschedulable). Usually another check knows the cause
and this is folded under it; where none does, this says so in the scheduler's own words.`,
  run: (ctx) => {
    const { view, now } = ctx;
    return stuckWorkloads(view).flatMap((stuck) => {
      const mayPass = stuck.blame === undefined || PASSING.has(stuck.blame.stage);
      if (
        mayPass &&
        (now - stuck.since < GRACE_MS || somethingEnds(stuck, view, now) || stuck.pods.every((p) => awaitsItsClaim(view, p, now)))
      )
        return [];
      if (stuck.blame === undefined && changedLately(ctx, stuck)) return [];
      return [
        {
          subject: stuck.workload.ref,
          affects: stuck.pods.map(refOf),
          message: `${count(stuck.pods.length, 'pod')} ${stuck.pods.length === 1 ? 'waits' : 'wait'} for a node; the scheduler says: ${stuck.said}`,
          evidence: schedulerSaid(stuck),
          confidence: 0.6,
        },
      ];
    });
  },
});
