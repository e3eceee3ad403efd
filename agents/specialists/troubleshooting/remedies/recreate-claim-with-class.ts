import type { Json, KubeObject } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { names } from '../scheduling-evidence.ts';
import { STORAGE_KINDS, classNames, ofTemplate, wouldServe } from '../storage.ts';

/** Set by the cluster on a claim, or by kubectl; not part of what somebody asked for. */
const NOT_ASKED = /^(pv\.kubernetes\.io|volume\.(beta\.)?kubernetes\.io|kubectl\.kubernetes\.io)\//;

/** The same claim of another class, as one would write it. */
function manifest(claim: KubeObject<'PersistentVolumeClaim'>, storageClassName: string): Record<string, Json> {
  const { metadata, spec } = claim;
  const annotations = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => !NOT_ASKED.test(key)));
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      ...(Object.keys(metadata.labels).length > 0 ? { labels: { ...metadata.labels } } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: {
      accessModes: [...spec.accessModes],
      storageClassName,
      resources: { requests: { ...spec.resources.requests } },
      ...(spec.volumeMode === undefined ? {} : { volumeMode: spec.volumeMode }),
      ...(spec.selector == null
        ? {}
        : {
            selector: {
              ...(Object.keys(spec.selector.matchLabels).length > 0 ? { matchLabels: { ...spec.selector.matchLabels } } : {}),
              ...(spec.selector.matchExpressions.length > 0
                ? {
                    matchExpressions: spec.selector.matchExpressions.map((e) => ({
                      key: e.key,
                      operator: e.operator,
                      values: [...e.values],
                    })),
                  }
                : {}),
            },
          }),
    },
  };
}

export const recreateClaimWithClass = defineRemedy({
  name: 'recreate-claim-with-class',
  codes: ['VOL-002'],
  kinds: STORAGE_KINDS,
  doc: `A claim's class cannot be changed. One that was never bound holds no data, so it may be deleted and created anew with the class
that was meant: the near name, or the only one there is. Not for a claim that is owned or to be filled from something.`,
  run: ({ finding, view }) => {
    const { wanted, meant, only } = finding.params;
    if (finding.subject.kind === 'StatefulSet') return { advice: ofTemplate(finding.subject.name, classNames(view)) };
    const claim = view.get('PersistentVolumeClaim', finding.subject.namespace, finding.subject.name);
    if (claim === undefined || typeof wanted !== 'string') return undefined;
    const choice = typeof meant === 'string' ? meant : typeof only === 'string' ? only : undefined;
    const all = classNames(view);
    const advice = `Create StorageClass ${wanted}, or recreate the claim with ${all.length === 0 ? 'a class once there is one' : `one of the classes ${names(all)}`} (a claim's class cannot be changed).`;
    const simple =
      claim.metadata.ownerReferences.length === 0 &&
      claim.metadata.finalizers.every((f) => f === 'kubernetes.io/pvc-protection') &&
      claim.spec.dataSource == null &&
      claim.spec.dataSourceRef == null;
    const unbound = claim.status.phase === 'Pending' && (claim.spec.volumeName ?? '') === '';
    if (choice === undefined || !simple || !unbound || !wouldServe(view, claim, choice)) return { advice };
    return {
      plans: [
        {
          remedy: 'recreate-claim-with-class',
          title: `Create the claim ${claim.metadata.name} anew with StorageClass ${choice}`,
          because: `StorageClass ${wanted} does not exist, a claim's class cannot be changed, and this claim was never bound, so it holds no data`,
          actions: [
            { type: 'delete', target: finding.subject },
            { type: 'create', target: withoutUid(finding.subject), manifest: manifest(claim, choice) },
          ],
          verify: ['VOL-002'],
          stableForSeconds: 10,
          atLeastRisk: 'high',
        },
      ],
      advice,
    };
  },
});

function withoutUid<T extends { readonly uid?: string | undefined }>({ uid: _gone, ...rest }: T): Omit<T, 'uid'> {
  return rest;
}
