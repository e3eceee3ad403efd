import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { workloads } from '../../../core/workloads.ts';
import { ownRolloutBlocks, ownersOf } from '../held-places.ts';
import { names } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { usedElsewhere } from '../used-elsewhere.ts';

/** A volume takes a while to be let go of on one node and fetched on another. Milliseconds. */
const GRACE_MS = 30_000;
/** Pods whose events are asked for at once. */
const MOST_ASKED = 20;

export const volumeAttachedElsewhere = defineCheck({
  code: 'VOL-009',
  title: 'Its volume is in use on another node',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its volume is attached to another node',
  doc: `A volume with access mode ReadWriteOnce is attached to one node. A pod that was placed on another waits in ContainerCreating; the
attach/detach controller says so in an event (FailedAttachVolume, Multi-Attach). Either the pods share a node, or the volume offers
ReadWriteMany, or the old pod goes first.`,
  run: (ctx) => {
    const { view, now } = ctx;
    let asked = 0;
    return workloads(view).flatMap((workload): FindingDraft[] => {
      const pod = workload.pods.find(
        (p) =>
          p.spec.nodeName !== undefined &&
          p.status.phase === 'Pending' &&
          p.metadata.deletionTimestamp == null &&
          p.spec.volumes.some((v) => v.persistentVolumeClaim !== undefined) &&
          now - Date.parse(p.metadata.creationTimestamp ?? '') > GRACE_MS,
      );
      const held = pod === undefined ? undefined : usedElsewhere(pod, view);
      if (pod === undefined || held === undefined || asked++ >= MOST_ASKED) return [];
      const fact = ctx.ask({ type: 'objectEvents', resource: refOf(pod), revision: pod.metadata.resourceVersion });
      if (fact === undefined) return [];
      if (!fact.ok) ctx.missing(`events of Pod ${workload.namespace}/${pod.metadata.name}`, fact.failure.message);
      const said = fact.ok ? fact.value.events.findLast((e) => e.reason === 'FailedAttachVolume') : undefined;
      if (fact.ok && said === undefined) return [];
      const leaving = held.by.every((p) => p.metadata.deletionTimestamp != null);
      if (leaving) return [];
      const blocked = ownRolloutBlocks(workload, held.by);
      const [first] = held.by;
      const index = workload.template.spec.volumes.findIndex((v) => v.persistentVolumeClaim?.claimName === held.claim);
      return [
        {
          subject: workload.ref,
          field: blocked
            ? 'spec.strategy.rollingUpdate.maxUnavailable'
            : `${workload.specPath}.volumes[${Math.max(0, index)}].persistentVolumeClaim.claimName`,
          affects: [refOf(pod)],
          message:
            `pod ${pod.metadata.name} on ${pod.spec.nodeName ?? ''} cannot start: claim ${held.claim} is ReadWriteOnce and in use on ${first?.spec.nodeName ?? ''} by ` +
            (blocked ? 'its own earlier pod, which stays until the new one is ready' : names(ownersOf(held.by, view))),
          evidence: [
            ...(said === undefined
              ? []
              : [{ kind: 'event' as const, resource: refOf(pod), source: said.reason, text: said.message.slice(0, 400) }]),
            ...held.by.slice(0, 3).map((p) => ({
              kind: 'field' as const,
              resource: refOf(p),
              source: 'spec.nodeName',
              text: `pod ${p.metadata.name} uses the claim on ${p.spec.nodeName ?? ''}`,
            })),
          ],
          confidence: fact.ok ? 0.93 : 0.6,
          params: { claim: held.claim, ...(blocked ? { rollout: true } : {}) },
        },
      ];
    });
  },
});
