import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { isOwned, isSpokenOf, namedByWorkloads, seesAllUsers } from '../named-by-workloads.ts';

/** Between the end of one user and the beginning of the next a claim is unused for a moment. Milliseconds. */
const GRACE_MS = 20_000;

type Claim = KubeObject<'PersistentVolumeClaim'>;

export const claimUnused = defineCheck({
  code: 'VOL-020',
  title: 'Storage that no workload uses',
  severity: 'info',
  role: 'cause',
  kinds: [...WORKLOAD_KINDS, 'PersistentVolumeClaim', 'PersistentVolume'],
  hypothesis: 'nothing uses it',
  doc: `A claim that holds a volume and that no pod, no template and no StatefulSet names. Nothing is wrong: people keep data on purpose, and
a StatefulSet that is scaled down keeps its claims. It is said because it is paid for, and nothing is ever proposed: only a person knows
whether the data is still wanted.`,
  run: ({ view, now }) => {
    const used = namedByWorkloads(view);
    return view.list('PersistentVolumeClaim').flatMap((claim): FindingDraft[] => {
      const { name, namespace = '', creationTimestamp, deletionTimestamp } = claim.metadata;
      if (claim.status.phase !== 'Bound' || deletionTimestamp != null || isOwned(claim)) return [];
      if (now - Date.parse(creationTimestamp ?? '') < GRACE_MS || used.has(`PersistentVolumeClaim/${namespace}/${name}`)) return [];
      if (!seesAllUsers(view, namespace) || isOfStatefulSet(view, claim) || isSpokenOf(view, namespace, name)) return [];
      const ref = refOf(claim);
      const size = claim.status.capacity['storage'] ?? claim.spec.resources.requests['storage'];
      const volume = claim.spec.volumeName === undefined ? undefined : view.get('PersistentVolume', undefined, claim.spec.volumeName);
      const policy = volume?.spec.persistentVolumeReclaimPolicy;
      return [
        {
          subject: ref,
          affects: [],
          message: `it holds ${size === undefined ? 'a volume' : `a volume of ${size}`} and no workload in namespace ${namespace} uses it. Nothing is wrong; it may hold data that is kept on purpose`,
          evidence: [
            {
              kind: 'field',
              resource: ref,
              source: 'spec.volumeName',
              text: `bound to ${claim.spec.volumeName ?? 'a volume'}${policy === undefined ? '' : `, reclaim policy ${policy}`}`,
            },
          ],
          confidence: 0.8,
          params: { kept: true, ...(policy === undefined ? {} : { policy }) },
        },
      ];
    });
  },
});

/** `data-db-3` of a StatefulSet db with a claim template data, however many replicas it has now. */
function isOfStatefulSet(view: View<'StatefulSet'>, { metadata: { name, namespace } }: Claim): boolean {
  return view
    .list('StatefulSet', namespace)
    .some((set) => set.spec.volumeClaimTemplates.some((t) => ordinal(name, `${t.metadata.name}-${set.metadata.name}-`)));
}

const ordinal = (name: string, prefix: string) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
