import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { count, names } from '../scheduling-evidence.ts';
import { STORAGE_KINDS, classIsWrittenIn, oneEach, mismatches, supplyOf, unboundClaims } from '../storage.ts';

export const noDefaultStorageClass = defineCheck({
  code: 'VOL-003',
  title: 'A claim names no storage class and the cluster has no default',
  severity: 'high',
  role: 'cause',
  kinds: STORAGE_KINDS,
  hypothesis: 'it names no storage class and there is no default',
  doc: `A claim without storageClassName gets the default class, as soon as there is one. Where no StorageClass is marked as the default
(annotation storageclass.kubernetes.io/is-default-class) and no volume without a class fits, it waits.`,
  run: ({ view, now }) => {
    if (!view.complete('StorageClass') || !view.complete('PersistentVolume')) return [];
    const found = unboundClaims(view, now).flatMap(({ claim, waiting }) => {
      if (supplyOf(view, claim) !== 'unnamed' || claim.spec.volumeName !== undefined) return [];
      if (view.list('PersistentVolume').some((v) => mismatches(claim, v, view.list('Node')).length === 0)) return [];
      const all = view.list('StorageClass').map((c) => c.metadata.name);
      return [
        {
          ...classIsWrittenIn(view, claim),
          affects: waiting.map(refOf),
          severity: waiting.length > 0 ? ('high' as const) : ('medium' as const),
          message:
            `claim ${claim.metadata.name} names no storage class and no StorageClass is the default${waiting.length > 0 ? `, so ${count(waiting.length, 'pod')} cannot start` : ''}; ` +
            (all.length === 0 ? 'the cluster has no storage class' : `classes there are: ${names(all)}`),
          evidence: [
            { kind: 'field' as const, resource: refOf(claim), source: 'spec.storageClassName', text: 'storageClassName is not set' },
            ...view.list('StorageClass').map((c) => ({
              kind: 'field' as const,
              resource: refOf(c),
              source: 'metadata.annotations',
              text: `StorageClass ${c.metadata.name} is not marked as the default`,
            })),
          ],
          confidence: 0.95,
          params: all.length === 1 ? { only: all[0] ?? '' } : {},
        },
      ];
    });
    return oneEach(found);
  },
});
