import { holdsResources } from './pod-requests.ts';
import type { Pod, SchedulingView } from './scheduling-kinds.ts';

/** The pod's claims that only one node may use, and who uses them on another. */
export function usedElsewhere(pod: Pod, view: SchedulingView): { readonly claim: string; readonly by: readonly Pod[] } | undefined {
  for (const { persistentVolumeClaim } of pod.spec.volumes) {
    const name = persistentVolumeClaim?.claimName;
    const claim = name === undefined ? undefined : view.get('PersistentVolumeClaim', pod.metadata.namespace, name);
    if (name === undefined || claim === undefined) continue;
    if (claim.spec.accessModes.some((m) => m === 'ReadWriteMany' || m === 'ReadOnlyMany')) continue;
    const by = view
      .list('Pod', pod.metadata.namespace)
      .filter(
        (p) =>
          p !== pod &&
          p.spec.nodeName !== undefined &&
          p.spec.nodeName !== pod.spec.nodeName &&
          holdsResources(p) &&
          p.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === name),
      );
    if (by.length > 0) return { claim: name, by };
  }
  return undefined;
}
