import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { STORAGE_KINDS, unboundClaims } from '../storage.ts';
import { andPods, candidates, claimFinding } from '../volume-finding.ts';

export const noVolumeFitsClaim = defineCheck({
  code: 'VOL-004',
  title: 'No volume fits a claim',
  severity: 'high',
  role: 'cause',
  kinds: STORAGE_KINDS,
  hypothesis: 'no volume has the size, access mode, labels or place it asks for',
  doc: `Where nothing makes volumes by itself (class "", a class without a provisioner, or a volume asked for by name), a claim binds
only to a volume of its class that offers every access mode, at least the size, the same volume mode, the labels of its selector, and
that can be reached from a node the pods may run on. The volume that comes nearest is named with what is amiss.`,
  run: ({ view, now }) => {
    if (!view.complete('PersistentVolume')) return [];
    return unboundClaims(view, now).flatMap(({ claim, waiting }): FindingDraft[] => {
      const near = candidates(view, claim, waiting);
      const [first] = near ?? [];
      if (near === undefined || first?.reasons.every((r) => r.kind === 'released')) return [];
      const common = claimFinding(claim, waiting, near);
      const named = claim.spec.volumeName;
      if (first === undefined)
        return [
          {
            ...common,
            field: named === undefined ? 'spec.storageClassName' : 'spec.volumeName',
            message:
              named === undefined
                ? `the claim is not bound${andPods(waiting)}: nothing makes volumes of class "${claim.spec.storageClassName ?? ''}" by itself, and there is no volume`
                : `the claim is not bound${andPods(waiting)}: it asks for PersistentVolume ${named}, which does not exist`,
          },
        ];
      const field = first.reasons.find((r) => r.field !== undefined)?.field;
      return [
        {
          ...common,
          ...(field === undefined ? {} : { field }),
          message: `no volume fits the claim${andPods(waiting)}; the nearest, PersistentVolume ${first.volume.metadata.name}, ${first.reasons.map((r) => r.because).join(' and ')}`,
          params: { volume: first.volume.metadata.name, reasons: first.reasons.map((r) => r.kind).join() },
        },
      ];
    });
  },
});
