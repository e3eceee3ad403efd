import { refOf } from '../../../contract/index.ts';
import { type CheckContext, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { isNew } from '../new-objects.ts';
import { count, names } from '../scheduling-evidence.ts';
import { type Claim, STORAGE_KINDS, type StorageKind, classIsWrittenIn, oneEach, classNames, supplyOf, unboundClaims } from '../storage.ts';

export const storageClassDoesNotExist = defineCheck({
  code: 'VOL-002',
  title: 'A claim names a storage class that does not exist',
  severity: 'high',
  role: 'cause',
  kinds: STORAGE_KINDS,
  hypothesis: 'its storage class does not exist',
  doc: `A claim waits for ever where its class is no StorageClass and no volume carries the class's name (volumes made by hand may carry
a name that no StorageClass object has). The scheduler's message does not name the class.`,
  run: (ctx) => {
    const { view, now } = ctx;
    if (!view.complete('StorageClass')) return [];
    const found = unboundClaims(view, now).flatMap(({ claim, waiting }) => {
      if (isNew(claim, now) || supplyOf(view, claim) !== 'missing') return [];
      // A volume made by hand may carry the name; where volumes cannot be listed the controller must say that there is none.
      if (!view.complete('PersistentVolume') && !saidToBeMissing(ctx, claim)) return [];
      const wanted = claim.spec.storageClassName ?? '';
      const all = classNames(view);
      const meant = nearest(wanted, all);
      const instead =
        meant !== undefined
          ? `did you mean ${meant}?`
          : all.length === 0
            ? 'the cluster has no storage class'
            : `classes there are: ${names(all)}`;
      return [
        {
          ...classIsWrittenIn(view, claim),
          affects: waiting.map(refOf),
          severity: waiting.length > 0 ? ('high' as const) : ('medium' as const),
          message: `claim ${claim.metadata.name} is not bound because StorageClass ${wanted} does not exist${waiting.length > 0 ? `, and ${count(waiting.length, 'pod')} cannot start` : ''}; ${instead}`,
          evidence: [
            { kind: 'field' as const, resource: refOf(claim), source: 'spec.storageClassName', text: `storageClassName: ${wanted}` },
            { kind: 'field' as const, resource: refOf(claim), source: 'status.phase', text: claim.status.phase ?? 'Pending' },
          ],
          confidence: 0.96,
          params: { wanted, ...(meant === undefined ? (all.length === 1 ? { only: all[0] ?? '' } : {}) : { meant }) },
        },
      ];
    });
    return oneEach(found);
  },
});

function saidToBeMissing({ ask }: Pick<CheckContext<StorageKind>, 'ask'>, claim: Claim): boolean {
  const fact = ask({ type: 'objectEvents', resource: refOf(claim), revision: claim.metadata.resourceVersion });
  const wanted = `storageclass.storage.k8s.io "${claim.spec.storageClassName ?? ''}" not found`;
  return fact?.ok === true && fact.value.events.some((e) => e.message.includes(wanted));
}
