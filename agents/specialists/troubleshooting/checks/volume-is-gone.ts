import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { STORAGE_KINDS, podsOf } from '../storage.ts';
import { count } from '../scheduling-evidence.ts';

export const volumeIsGone = defineCheck({
  code: 'VOL-010',
  title: 'The volume of a bound claim is gone',
  severity: 'high',
  role: 'cause',
  kinds: STORAGE_KINDS,
  hypothesis: 'the volume of its claim is gone',
  doc: `A claim is Lost when the PersistentVolume it was bound to has been deleted. It is never bound again, not even to a volume of the
same name; what the volume held is where the storage system has it, if anywhere.`,
  run: ({ view }) =>
    view.list('PersistentVolumeClaim').flatMap((claim) => {
      if (claim.status.phase !== 'Lost' || claim.metadata.deletionTimestamp != null) return [];
      const users = podsOf(view, claim);
      const volume = claim.spec.volumeName ?? '';
      return [
        {
          subject: refOf(claim),
          field: 'spec.volumeName',
          affects: users.map(refOf),
          severity: users.length > 0 ? ('high' as const) : ('medium' as const),
          message: `the claim is Lost: PersistentVolume ${volume}, which it was bound to, does not exist any more${users.length === 0 ? '' : `; ${count(users.length, 'pod')} ${users.length === 1 ? 'uses' : 'use'} it`}`,
          evidence: [
            { kind: 'field' as const, resource: refOf(claim), source: 'status.phase', text: 'Lost' },
            { kind: 'field' as const, resource: refOf(claim), source: 'spec.volumeName', text: volume },
          ],
          confidence: 0.95,
          params: { volume },
        },
      ];
    }),
});
