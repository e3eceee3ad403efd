import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type CheckContext, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { workloads } from '../../../core/workloads.ts';
import { count, names } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, type SchedulingKind } from '../scheduling-kinds.ts';
import { isUnschedulable, scheduledCondition } from '../scheduling.ts';

/** A claim that is being made anew is absent for a moment: that long it must stay absent if it was there before. Milliseconds. */
const AGAIN_MS = 3_000;

/**
 * Whether the claim was never there, or has been gone for a while: the scheduler's KubeEvents tell, for they keep what it said before.
 * Undefined while they are being read.
 */
function stayedAbsent(ctx: CheckContext<SchedulingKind>, pod: KubeObject<'Pod'>, claim: string): boolean | undefined {
  const fact = ctx.ask({ type: 'objectEvents', resource: refOf(pod), revision: pod.metadata.resourceVersion });
  if (fact?.ok !== true) return fact === undefined ? undefined : true;
  const refusals = fact.value.events.filter((e) => e.reason === 'FailedScheduling');
  const about = refusals.filter((e) => e.message.includes(`"${claim}"`));
  if (about.length === refusals.length) return true;
  return about.some((e) => ctx.now - Date.parse(e.at ?? '') > AGAIN_MS);
}

export const claimDoesNotExist = defineCheck({
  code: 'VOL-001',
  title: 'A volume names a claim that does not exist',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'a volume names a claim that does not exist',
  doc: `A pod whose volume names an absent PersistentVolumeClaim is not scheduled. Claims are looked up in the pod's own namespace; a
claim of the same name elsewhere does not count, but is worth a word.`,
  run: (ctx) =>
    workloads(ctx.view).flatMap((w) => {
      const { view } = ctx;
      if (!view.complete('PersistentVolumeClaim', w.namespace)) return [];
      return w.template.spec.volumes.flatMap((volume, i) => {
        const wanted = volume.persistentVolumeClaim?.claimName;
        if (wanted === undefined || view.get('PersistentVolumeClaim', w.namespace, wanted) !== undefined) return [];
        const waiting = w.pods.filter(
          (p) =>
            isUnschedulable(p) &&
            p.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === wanted) &&
            scheduledCondition(p)?.message?.includes(`"${wanted}"`) === true,
        );
        const [first] = waiting;
        if (first === undefined || stayedAbsent(ctx, first, wanted) !== true) return [];
        const claims = view.list('PersistentVolumeClaim', w.namespace).map((c) => c.metadata.name);
        const meant = nearest(wanted, claims);
        const elsewhere = view.list('PersistentVolumeClaim').filter((c) => c.metadata.name === wanted);
        const field = `${w.specPath}.volumes[${i}].persistentVolumeClaim.claimName`;
        const instead =
          meant !== undefined
            ? `did you mean ${meant}?`
            : elsewhere.length > 0
              ? `a claim of that name is in namespace ${names(elsewhere.map((c) => c.metadata.namespace ?? ''))}, which pods here cannot use`
              : claims.length === 0
                ? 'there is no claim in this namespace'
                : `claims there are: ${names(claims)}`;
        const said = scheduledCondition(first)?.message;
        return [
          {
            subject: w.ref,
            field,
            affects: waiting.map(refOf),
            message: `volume ${volume.name} names PersistentVolumeClaim ${wanted}, which does not exist in namespace ${w.namespace}, so ${count(waiting.length, 'pod')} cannot start; ${instead}`,
            evidence: [
              { kind: 'field' as const, resource: w.ref, source: field, text: `claimName: ${wanted}` },
              ...(said === undefined
                ? []
                : [{ kind: 'field' as const, resource: refOf(first), source: 'status.conditions[PodScheduled].message', text: said }]),
            ],
            confidence: 0.97,
            params: { wanted, volume: volume.name, ...(meant === undefined ? {} : { meant }) },
          },
        ];
      });
    }),
});
