import { type KubeEventFact, type KubeObject, refOf, refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { provisionerThatIsDown } from '../cluster-plugins.ts';
import { STORAGE_KINDS, oneEach, unboundClaims } from '../storage.ts';
import { andPods } from '../volume-finding.ts';

const ASKED = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner'];
const MADE_BY = 'pv.kubernetes.io/provisioned-by';
const CHOSEN_NODE = 'volume.kubernetes.io/selected-node';
/** A provisioner writes at once that it has begun; one who has made volumes before is given longer. Milliseconds. */
const GRACE_MS = 2_000;
const KNOWN_GRACE_MS = 120_000;

export const provisionerDoesNotAnswer = defineCheck({
  code: 'VOL-007',
  title: 'Nobody makes the volumes of a storage class',
  severity: 'high',
  role: 'cause',
  kinds: STORAGE_KINDS,
  hypothesis: 'the provisioner of its storage class does not answer',
  doc: `A StorageClass names the program that makes its volumes. The claim is marked as waiting for that program
(volume.kubernetes.io/storage-provisioner), and where no such program runs, that is all that ever happens. One that runs and fails says so
in an event of the claim, which is quoted. Where the workload that makes them is known and has no ready pod, what is wrong with it is the cause. A claim that waits for its first consumer is as it should be.`,
  run: (ctx) => {
    const { view, now } = ctx;
    const made = new Set(view.list('PersistentVolume').flatMap((v) => v.metadata.annotations[MADE_BY] ?? []));
    const found = unboundClaims(view, now).flatMap(({ claim, waiting }): FindingDraft[] => {
      const { annotations, creationTimestamp } = claim.metadata;
      const provisioner = ASKED.map((key) => annotations[key]).find((v) => v !== undefined);
      const storageClass = view.get('StorageClass', undefined, claim.spec.storageClassName ?? '');
      if (provisioner === undefined || storageClass === undefined) return [];
      if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && annotations[CHOSEN_NODE] === undefined) return [];
      const age = now - Date.parse(creationTimestamp ?? '');
      if (!(age > GRACE_MS)) return [];
      const fact = ctx.ask({ type: 'objectEvents', resource: refOf(claim), revision: claim.metadata.resourceVersion });
      if (fact === undefined) return [];
      if (!fact.ok)
        ctx.missing(`events of PersistentVolumeClaim ${claim.metadata.namespace ?? ''}/${claim.metadata.name}`, fact.failure.message);
      const events = fact.ok ? fact.value.events : [];
      const failed = events.findLast((e) => e.reason === 'ProvisioningFailed' && !isBefore(e, storageClass));
      const said = failed ?? events.findLast((e) => e.reason === 'ExternalProvisioning' || e.reason === 'Provisioning');
      const quote = said === undefined ? [] : [{ kind: 'event' as const, resource: refOf(claim), source: said.reason, text: said.message }];
      const common = {
        affects: [refOf(claim), ...waiting.map(refOf)],
        severity: waiting.length > 0 ? ('high' as const) : ('medium' as const),
        evidence: [
          {
            kind: 'field' as const,
            resource: refOf(storageClass),
            source: 'provisioner',
            text: `StorageClass ${storageClass.metadata.name} has its volumes made by ${provisioner}`,
          },
          ...quote,
        ],
      };
      if (failed !== undefined)
        return [
          {
            ...common,
            subject: refOf(claim),
            message: `the claim is not bound${andPods(waiting)}: ${provisioner} cannot make its volume and says: ${failed.message.slice(0, 300)}`,
            confidence: 0.8,
            params: { provisioner, failed: true },
          },
        ];
      // It has begun: whoever makes volumes writes this event itself.
      if (events.some((e) => e.reason === 'Provisioning') && age < KNOWN_GRACE_MS) return [];
      const down = provisionerThatIsDown(view, provisioner);
      if (down !== undefined)
        return [
          {
            ...common,
            subject: refOf(storageClass),
            field: 'provisioner',
            message: `claim ${claim.metadata.namespace ?? ''}/${claim.metadata.name} is not bound${andPods(waiting)}: ${refWords(down.ref)}, which makes the volumes of StorageClass ${storageClass.metadata.name}, has no ready pod`,
            confidence: 0.85,
            params: { provisioner, storageClass: storageClass.metadata.name, by: refWords(down.ref) },
            // Why it has none, another check tells.
            role: 'symptom',
            calls: [down.ref],
          },
        ];
      const known = made.has(provisioner);
      if (known && age < KNOWN_GRACE_MS) return [];
      const meant = nearest(
        provisioner,
        [...made].filter((p) => p !== provisioner),
      );
      return [
        {
          ...common,
          subject: refOf(storageClass),
          field: 'provisioner',
          message:
            `claim ${claim.metadata.namespace ?? ''}/${claim.metadata.name} is not bound${andPods(waiting)}: nobody makes volumes of StorageClass ${storageClass.metadata.name}; ` +
            (known
              ? `its provisioner ${provisioner} has made volumes before and does not answer now`
              : `its provisioner ${provisioner} has never made a volume here${meant === undefined ? '' : `, ${meant} has`}`),
          confidence: fact.ok ? (known ? 0.75 : 0.88) : 0.6,
          params: { provisioner, storageClass: storageClass.metadata.name, known, ...(meant === undefined ? {} : { meant }) },
        },
      ];
    });
    return oneEach(found);
  },
});

/** Said before the class was there, and so not about it. */
function isBefore({ at }: KubeEventFact, { metadata }: KubeObject<'StorageClass'>): boolean {
  return Date.parse(at ?? '') <= Date.parse(metadata.creationTimestamp ?? '');
}
