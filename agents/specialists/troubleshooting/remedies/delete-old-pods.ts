import type { ActionSpec } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';

export const deleteOldPods = defineRemedy({
  name: 'delete-old-pods',
  codes: ['STS-003'],
  kinds: ['StatefulSet', 'DaemonSet'],
  doc: `Deletes the pods of an earlier revision that never got ready: the controller makes them again from the template in force. Their claims stay. Below a
partition a deleted pod comes back as it was: whether the change is meant for it is a person's decision.`,
  run: ({ finding }) => {
    const pods = finding.affects.filter((r) => r.kind === 'Pod');
    if (pods.length === 0) return undefined;
    if (finding.params['deletable'] === false)
      return {
        advice: `Lower ${String(finding.params['path'])} so that ${pods.map((p) => p.name).join(', ')} ${pods.length === 1 ? 'is' : 'are'} made from the changed template, or undo the change.`,
      };
    return {
      plans: [
        {
          remedy: 'delete-old-pods',
          title: `Delete pod ${pods.map((p) => p.name).join(', ')}, so that ${pods.length === 1 ? 'it is' : 'they are'} made from the template in force`,
          because: finding.message,
          actions: pods.map((target): ActionSpec => ({ type: 'delete', target })),
          verify: ['STS-003'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
