import { type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type CheckContext, defineCheck } from '../../../core/agent.ts';
import { workloads } from '../../../core/workloads.ts';
import { essence, warningEvidence, warningsOf } from '../pod-warnings.ts';
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

/** What the words of the scheduler, or of a controller before it, mean for a person. */
const SAYS: readonly (readonly [RegExp, string])[] = [
  [
    /exceed max volume count|max volume count|too many (?:attached )?volumes/i,
    'the nodes hold as many volumes as their kind of machine can: add a node, or move pods with volumes off one that they share',
  ],
  [
    /cannot allocate all claims/i,
    'its ResourceClaims are there, and no node has what they ask for free: see that the driver of the DeviceClass runs and offers devices (ResourceSlices), that the selectors of the class and of the claim match one, and who holds those there are',
  ],
  [
    /resource ?claim/i,
    'see that the ResourceClaim or ResourceClaimTemplate that its pods name exists, and that the driver of the device offers what it asks for (ResourceSlices)',
  ],
  [
    /untolerated taint \{?\S*(?:uninitialized|agent-not-ready|unregistered|not-?ready|startup)/i,
    'whatever sets up new nodes has not taken its taint off yet: see whether that controller or agent runs, and what its log says',
  ],
  [
    /is being deleted/i,
    'see which pods still mount the claim: it goes when the last of them ends. A StatefulSet then makes it anew, with a new volume; elsewhere it must be created again',
  ],
  [
    /pod group|gang|minAvailable|minMember/i,
    'its pods are placed together or not at all: make room for all of them, or ask for fewer at least',
  ],
];

/** What another than the scheduler says about the first of the pods, where nothing of these stages explains it. */
function beside(ctx: CheckContext<SchedulingKind>, { pods: [pod] }: Stuck) {
  return pod === undefined
    ? undefined
    : warningsOf(ctx, pod, pod.metadata.resourceVersion)?.findLast((e) => e.reason !== 'FailedScheduling');
}

/** Workloads that say by name that they run on nodes with the taint that keeps these pods off: to take it off is their work. */
function setsUp(view: SchedulingView, { said, blame }: Stuck): ResourceRef[] {
  const keys = new Set([
    ...[...said.matchAll(/untolerated taint(?:\(s\))? \{([^}:=\s]+)/g)].map(([, key = '']) => key),
    ...(blame?.stage === 'taints' ? blame.candidates.flatMap((n) => n.spec.taints.map((t) => t.key)) : []),
  ]);
  const starting = [...keys].filter((key) => STARTUP.test(key));
  return starting.length === 0
    ? []
    : workloads(view)
        .filter((w) => w.template.spec.tolerations.some((t) => starting.includes(t.key ?? '')))
        .map((w) => w.ref);
}

/** Of a node that is not set up yet, not of a choice somebody made. */
const STARTUP = /uninitialized|not-?ready|unregistered|startup/i;

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
      const told = stuck.blame === undefined ? beside(ctx, stuck) : undefined;
      const [, supply] =
        SAYS.find(([pattern]) => pattern.test(told?.message ?? stuck.said)) ?? SAYS.find(([p]) => p.test(stuck.said)) ?? [];
      return [
        {
          subject: stuck.workload.ref,
          affects: stuck.pods.map(refOf),
          calls: setsUp(view, stuck),
          message: `${count(stuck.pods.length, 'pod')} ${stuck.pods.length === 1 ? 'waits' : 'wait'} for a node; the scheduler says: ${stuck.said}${told === undefined ? '' : `; ${told.reason}: ${essence(told.message)}`}`,
          evidence: [
            ...schedulerSaid(stuck),
            ...(told === undefined || stuck.pods[0] === undefined ? [] : [warningEvidence(stuck.pods[0], told)]),
          ],
          // It says why; that a rollout does not get on says only that.
          confidence: 0.62,
          ...(supply === undefined ? {} : { params: { supply } }),
        },
      ];
    });
  },
});
