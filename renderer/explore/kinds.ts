import type { ApiKind } from '../../agents/contract/index.ts';

/** The kinds a person may look at, in groups. Pure. */

const GROUP_OF: Readonly<Record<string, readonly string[]>> = {
  Workloads: ['pods', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps', 'jobs.batch', 'cronjobs.batch'],
  Network: ['services', 'ingresses.networking.k8s.io', 'networkpolicies.networking.k8s.io', 'endpointslices.discovery.k8s.io'],
  Settings: ['configmaps', 'secrets', 'horizontalpodautoscalers.autoscaling', 'poddisruptionbudgets.policy', 'resourcequotas'],
  Storage: ['persistentvolumeclaims', 'persistentvolumes', 'storageclasses.storage.k8s.io'],
  Cluster: ['nodes', 'namespaces', 'events'],
};
const OTHER = 'Other';
const CUSTOM = 'Custom resources';

export interface KindGroup {
  readonly name: string;
  readonly kinds: readonly { readonly id: string; readonly kind: ApiKind }[];
}

/** `pods`, `deployments.apps`: what the host takes, and what no other kind has. */
export function idOf({ apiVersion, resource }: ApiKind): string {
  const group = groupOf(apiVersion);
  return group === '' ? resource : `${resource}.${group}`;
}

const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** Built in are groups without a dot and those under k8s.io; anybody else's are custom. */
const isCustom = ({ apiVersion }: ApiKind) => {
  const group = groupOf(apiVersion);
  return group.includes('.') && !group.endsWith('.k8s.io');
};

/** Kinds of one or several clusters that can be listed and hold the typed text, each once. */
export function groupsOf(kinds: readonly ApiKind[], typed: string): readonly KindGroup[] {
  const sought = typed.trim().toLowerCase();
  const known = new Map(kinds.filter((k) => k.verbs.includes('list')).map((k) => [idOf(k), k] as const));
  const holds = (id: string, k: ApiKind) => [id, k.kind, ...k.shortNames].some((w) => w.toLowerCase().includes(sought));
  const found = [...known].flatMap(([id, kind]) => (holds(id, kind) ? [{ id, kind }] : []));
  const named = Object.entries(GROUP_OF).map(([name, ids]) => ({
    name,
    kinds: ids.flatMap((id) => found.filter((f) => f.id === id)),
  }));
  const placed = new Set(Object.values(GROUP_OF).flat());
  const rest = found.filter((f) => !placed.has(f.id)).sort((a, b) => a.kind.kind.localeCompare(b.kind.kind) || a.id.localeCompare(b.id));
  return [
    ...named,
    { name: CUSTOM, kinds: rest.filter((f) => isCustom(f.kind)) },
    { name: OTHER, kinds: rest.filter((f) => !isCustom(f.kind)) },
  ].filter((g) => g.kinds.length > 0);
}
