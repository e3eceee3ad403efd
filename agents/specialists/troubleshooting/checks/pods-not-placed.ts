import { type KubeObject, refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { count, schedulerSaid } from '../scheduling-evidence.ts';
import type { View } from '../../../core/view.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckWorkloads } from '../scheduling.ts';

/** A pod without an explanation may still find its place: a claim is being bound, other pods are ending. Milliseconds. */
const GRACE_MS = 10_000;

/** A claim of the pod is absent, which another check tells of, or so new that it may yet be bound. */
function awaitsItsClaim(view: View<'PersistentVolumeClaim'>, { metadata, spec }: KubeObject<'Pod'>, now: number): boolean {
  return spec.volumes.some((volume) => {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name === undefined) return false;
    const claim = view.get('PersistentVolumeClaim', metadata.namespace, name);
    return claim === undefined || (claim.status.phase !== 'Bound' && now - Date.parse(claim.metadata.creationTimestamp ?? '') < GRACE_MS);
  });
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
  run: ({ view, now }) =>
    stuckWorkloads(view).flatMap((stuck) => {
      const mayPass = stuck.blame === undefined || stuck.blame.stage === 'free' || stuck.blame.stage === 'ready';
      if (mayPass && (now - stuck.since < GRACE_MS || stuck.pods.every((p) => awaitsItsClaim(view, p, now)))) return [];
      return [
        {
          subject: stuck.workload.ref,
          affects: stuck.pods.map(refOf),
          message: `${count(stuck.pods.length, 'pod')} ${stuck.pods.length === 1 ? 'waits' : 'wait'} for a node; the scheduler says: ${stuck.said}`,
          evidence: schedulerSaid(stuck),
          confidence: 0.6,
        },
      ];
    }),
});
