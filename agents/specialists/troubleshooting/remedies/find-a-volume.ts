import { defineRemedy } from '../../../core/agent.ts';
import { STORAGE_KINDS } from '../storage.ts';

export const findAVolume = defineRemedy({
  name: 'find-a-volume',
  codes: ['VOL-004', 'VOL-005', 'VOL-006'],
  kinds: STORAGE_KINDS,
  doc: `Volumes hold data: making, freeing or moving one is a person's decision. Advice with the names and values it takes.`,
  run: ({ finding, view }) => {
    const claim = view.get('PersistentVolumeClaim', finding.subject.namespace, finding.subject.name);
    if (claim === undefined) return undefined;
    const volume = String(finding.params['volume'] ?? '');
    const wants = `${claim.spec.resources.requests['storage'] ?? ''} ${claim.spec.accessModes.join(', ')} of class "${claim.spec.storageClassName ?? ''}"`;
    if (finding.code === 'VOL-005')
      return {
        advice: `Look at what PersistentVolume ${volume} holds and save it if it matters; then clear its spec.claimRef so that this claim can bind to it (kubectl patch pv ${volume} --type=json -p '[{"op":"remove","path":"/spec/claimRef"}]'), or make another volume of ${wants}. Nothing here deletes data.`,
      };
    if (finding.code === 'VOL-006')
      return {
        advice: `Bring a node back that PersistentVolume ${volume} can be reached from, change the pod's own selector or affinity if that keeps it away, or restore the data to a volume that is reachable.`,
      };
    return {
      advice: `Make a PersistentVolume of ${wants}, or recreate the claim so that it asks for what there is${volume === '' ? '' : ` (PersistentVolume ${volume})`}.`,
    };
  },
});
