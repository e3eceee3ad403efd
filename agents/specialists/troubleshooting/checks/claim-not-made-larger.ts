import { type KubeEventFact, type KubeObject, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { fieldEvidence } from '../containers.ts';
import { essence } from '../pod-warnings.ts';

type Claim = KubeObject<'PersistentVolumeClaim'>;

/** A driver takes its time, and tries again by itself. Milliseconds. */
const GRACE_MS = 180_000;
/** Claims whose events are read. */
const MOST_ASKED = 20;
/** Conditions in which a change of size waits or has failed. */
const RESIZE = /resiz/i;
const FAILED = /error|infeasible|fail/i;
/** The kubelet makes the file system larger only when a pod mounts it. */
const WAITS_FOR_POD = 'FileSystemResizePending';

export const claimNotMadeLarger = defineCheck({
  code: 'VOL-012',
  title: 'A claim does not become larger',
  severity: 'medium',
  role: 'cause',
  kinds: ['PersistentVolumeClaim', 'Pod'],
  hypothesis: 'its claim waits to be made larger',
  doc: `Somebody asked for a larger volume (spec.resources.requests.storage) and the volume stays as it is: the storage behind it refuses, mostly because it was changed a while
ago, has reached a limit, or cannot be changed while in use. What the driver says stands in an event (VolumeResizeFailed). Where only the file system is left to
do, it waits for a pod that mounts the claim.`,
  run: (ctx) => {
    let asked = 0;
    return ctx.view.list('PersistentVolumeClaim').flatMap((claim): FindingDraft[] => {
      const ref = refOf(claim);
      const wanted = claim.spec.resources.requests['storage'];
      const has = claim.status.capacity['storage'];
      const resizing = claim.status.conditions.filter((c) => RESIZE.test(c.type) && c.status === 'True');
      // One that tells of a failure stands beside the one that says that it is being tried.
      const condition = resizing.find((c) => FAILED.test(`${c.type} ${c.reason ?? ''}`)) ?? resizing[0];
      if (claim.status.phase !== 'Bound' || !((parseQuantity(wanted) ?? 0) > (parseQuantity(has) ?? Infinity))) return [];
      const since = Date.parse(condition?.lastTransitionTime ?? '');
      if (condition !== undefined && ctx.now - since < GRACE_MS) return [];
      const said = asked++ < MOST_ASKED ? resizeWarning(ctx, claim) : undefined;
      const fails = said !== undefined || FAILED.test(`${condition?.type ?? ''} ${condition?.reason ?? ''}`);
      const mounted = ctx.view
        .list('Pod', claim.metadata.namespace)
        .some(
          (p) => p.status.phase === 'Running' && p.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === claim.metadata.name),
        );
      if (!fails && (condition?.type !== WAITS_FOR_POD || mounted)) return [];
      const why = said?.message ?? condition?.message ?? condition?.reason ?? '';
      return [
        {
          subject: ref,
          field: 'spec.resources.requests.storage',
          affects: [],
          message: fails
            ? `it asks for ${wanted ?? ''} and stays at ${has ?? ''}: the volume is not made larger${why === '' ? '' : `: ${essence(why)}`}`
            : `it asks for ${wanted ?? ''} and stays at ${has ?? ''}: the volume is larger by now, and its file system grows only when a pod mounts it`,
          evidence: [
            fieldEvidence(ref, 'spec.resources.requests.storage', `${wanted ?? ''}; status.capacity.storage: ${has ?? ''}`),
            ...(condition === undefined
              ? []
              : [fieldEvidence(ref, `status.conditions[${condition.type}]`, condition.message ?? condition.reason ?? 'True')]),
            ...(said === undefined
              ? []
              : [{ kind: 'event' as const, resource: ref, source: said.reason, text: essence(said.message, 500) }]),
          ],
          confidence: 0.85,
          params: {
            supply: fails
              ? `remove what the storage complains about, or wait as long as it says: the driver tries again by itself. A claim is never made smaller than ${has ?? 'it is'}; back to that size it can be set (Kubernetes 1.34 on)`
              : 'start a pod that mounts the claim',
          },
        },
      ];
    });
  },
});

/** The last warning about a change of its size; undefined where there is none, or none is known yet. */
function resizeWarning(ctx: CheckContext<'PersistentVolumeClaim' | 'Pod'>, claim: Claim): KubeEventFact | undefined {
  const fact = ctx.ask({ type: 'objectEvents', resource: refOf(claim), revision: claim.metadata.resourceVersion ?? '' });
  return fact?.ok === true ? fact.value.events.findLast((e) => e.type !== 'Normal' && /resiz|expan/i.test(e.reason)) : undefined;
}
