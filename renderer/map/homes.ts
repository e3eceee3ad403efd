import { keyOf, podsOf } from './fleet-model.ts';
import type { Group } from './fleet-plots.ts';

/** Finds the workload on the map that an object belongs to: itself, or that of its pods. Pure. */
export function homeFinder(groups: readonly Group[]) {
  return (context: string, namespace: string, kind: string, name: string): string | undefined => {
    const cluster = groups.flatMap((g) => g.sites).find((s) => s.context === context)?.cluster;
    const workloads = cluster?.namespaces.find((n) => n.name === namespace)?.workloads ?? [];
    const own = workloads.find((w) => w.kind === kind && w.name === name);
    if (own !== undefined) return own.key;
    // A ReplicaSet or Job is called as its owner is, and some; a pod is in a list.
    const near = workloads.filter((w) => name.startsWith(w.name));
    if (kind === 'Pod') return near.find((w) => podsOf(w).some((p) => p.name === name))?.key;
    if (kind !== 'ReplicaSet' && kind !== 'Job') return undefined;
    const longest = near.reduce<string | undefined>(
      (best, w) => (best === undefined || w.name.length > best.length ? w.name : best),
      undefined,
    );
    const found = near.find((w) => w.name === longest);
    return found === undefined ? undefined : keyOf(context, namespace, found.kind, found.name);
  };
}
