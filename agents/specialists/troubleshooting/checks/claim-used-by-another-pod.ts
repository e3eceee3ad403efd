import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { ownRolloutBlocks, ownersOf, willBeFree } from '../held-places.ts';
import { count, names, schedulerSaid } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, askingOf } from '../scheduling-kinds.ts';
import { holdersOfClaims } from '../scheduling-neighbours.ts';
import { stuckAt } from '../scheduling.ts';

export const claimUsedByAnotherPod = defineCheck({
  code: 'VOL-008',
  title: 'Its claim lets in one pod, and another has it',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'a claim for one pod is used by another',
  doc: `A claim with access mode ReadWriteOncePod is used by one pod at a time in the whole cluster. A second replica, or the new pod of a rollout
that keeps the old one until the new is ready, waits for ever.`,
  run: ({ view, now }) =>
    stuckAt(view, 'claim').flatMap((stuck): FindingDraft[] => {
      const { workload, pods } = stuck;
      const [waiting] = pods;
      if (waiting === undefined) return [];
      const held = holdersOfClaims(askingOf(waiting), view);
      const [first] = held;
      const holders = held.map((h) => h.pod);
      if (first === undefined || willBeFree(stuck, () => holders, now)) return [];
      const blocked = ownRolloutBlocks(workload, holders);
      const index = workload.template.spec.volumes.findIndex((v) => v.persistentVolumeClaim?.claimName === first.claim);
      const at = index < 0 ? undefined : `${workload.specPath}.volumes[${index}].persistentVolumeClaim.claimName`;
      const claim = view.get('PersistentVolumeClaim', workload.namespace, first.claim);
      return [
        {
          subject: workload.ref,
          ...(blocked ? { field: 'spec.strategy.rollingUpdate.maxUnavailable' } : at === undefined ? {} : { field: at }),
          affects: pods.map(refOf),
          message:
            `${count(pods.length, 'pod')} cannot be placed: claim ${first.claim} is ReadWriteOncePod, and ` +
            (blocked
              ? `its own earlier pod uses it until the new one is ready, which it cannot be: the rollout must stop the old pod first (maxUnavailable is 0 here)`
              : `pod ${first.pod.metadata.name} of ${names(ownersOf(holders, view))} uses it`),
          evidence: [
            ...(claim === undefined
              ? []
              : [{ kind: 'field' as const, resource: refOf(claim), source: 'spec.accessModes', text: claim.spec.accessModes.join(', ') }]),
            {
              kind: 'field',
              resource: refOf(first.pod),
              source: 'spec.volumes',
              text: `pod ${first.pod.metadata.name} on ${first.pod.spec.nodeName ?? ''} uses claim ${first.claim}`,
            },
            ...schedulerSaid(stuck),
          ],
          confidence: 0.95,
          params: { claim: first.claim, ...(blocked ? { rollout: true } : {}) },
        },
      ];
    }),
});
