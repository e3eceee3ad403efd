import { defineRemedy } from '../../../core/agent.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { isUnschedulable } from '../scheduling.ts';
import { replaceByHand, replaceValue, templateChange } from '../template-change.ts';

export const correctClaimName = defineRemedy({
  name: 'correct-claim-name',
  codes: ['VOL-001'],
  kinds: SCHEDULING_KINDS,
  doc: `Writes the name of the claim that was meant, where exactly one is near. It never creates a claim: an empty volume in place of
a lost one hides the loss.`,
  run: ({ finding, view }) => {
    const { wanted, meant } = finding.params;
    const workload = workloadAt(view, finding.subject);
    if (workload === undefined || finding.field === undefined || typeof wanted !== 'string') return undefined;
    if (typeof meant !== 'string')
      return {
        advice: `Create PersistentVolumeClaim ${wanted} in namespace ${workload.namespace} (how large, and from which class, only you can say), or name another in ${finding.field}.`,
      };
    const waiting = workload.pods.filter(isUnschedulable);
    const actions = templateChange(workload, replaceValue(finding.field, wanted, meant), waiting);
    if (actions === undefined) return { advice: replaceByHand(workload, `write claimName ${meant} instead of ${wanted}`) };
    const bound = view.get('PersistentVolumeClaim', workload.namespace, meant)?.status.phase ?? 'unknown';
    return {
      plans: [
        {
          remedy: 'correct-claim-name',
          title: `Mount the claim ${meant} instead of ${wanted}`,
          because: `PersistentVolumeClaim ${wanted} does not exist; ${meant} does (${bound}) and is nearly of that name`,
          actions: [...actions],
          verify: ['VOL-001'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
