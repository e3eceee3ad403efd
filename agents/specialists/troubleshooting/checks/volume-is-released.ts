import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { STORAGE_KINDS, unboundClaims } from '../storage.ts';
import { andPods, candidates, claimFinding } from '../volume-finding.ts';

export const volumeIsReleased = defineCheck({
  code: 'VOL-005',
  title: 'The volume a claim needs still belongs to a deleted claim',
  severity: 'high',
  role: 'cause',
  kinds: STORAGE_KINDS,
  hypothesis: 'the volume it needs is held for a deleted claim',
  doc: `A volume with reclaim policy Retain stays Released when its claim is deleted: its data is kept, and no other claim can bind to it
until a person has looked at that data and cleared spec.claimRef. A new claim of the old name is another claim.`,
  run: ({ view, now }) => {
    if (!view.complete('PersistentVolume')) return [];
    return unboundClaims(view, now).flatMap(({ claim, waiting }) => {
      const near = candidates(view, claim, waiting);
      const [first] = near ?? [];
      if (near === undefined || first === undefined || !first.reasons.every((r) => r.kind === 'released')) return [];
      const { volume } = first;
      const common = claimFinding(claim, waiting, near);
      return [
        {
          ...common,
          field: 'spec.volumeName',
          message: `the claim is not bound${andPods(waiting)}: the volume that fits, PersistentVolume ${volume.metadata.name}, ${first.reasons.map((r) => r.because).join(' and ')}`,
          evidence: [
            ...common.evidence,
            {
              kind: 'field' as const,
              resource: refOf(volume),
              source: 'status.phase',
              text: `${volume.status.phase ?? ''}, reclaim policy ${volume.spec.persistentVolumeReclaimPolicy ?? 'Retain'}`,
            },
          ],
          params: { volume: volume.metadata.name },
        },
      ];
    });
  },
});
