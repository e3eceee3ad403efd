import type { ContextRow, MapPart } from '../../agents/contract/index.ts';

/** Fleets for tests and benches, made of parts as the host sends them. */

export interface MadeWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: string;
  /** A digit a pod. */
  readonly pods: string;
  readonly state?: string;
  readonly health?: number;
}

export function madePart(context: string, workloads: readonly MadeWorkload[], more: Partial<MapPart> = {}): MapPart {
  const namespaces = [...new Set([...(more.namespaces ?? []), ...workloads.map((w) => w.namespace)])].sort();
  const kinds = [...new Set(workloads.map((w) => w.kind ?? 'Deployment'))];
  const at = new Map(namespaces.map((name, i) => [name, i]));
  return {
    context,
    whole: true,
    live: true,
    asOf: null,
    in: workloads.map((w) => at.get(w.namespace) ?? 0),
    kind: workloads.map((w) => kinds.indexOf(w.kind ?? 'Deployment')),
    name: workloads.map((w) => w.name),
    health: workloads.map((w) => String(w.health ?? 0)).join(''),
    state: workloads.map((w) => w.state ?? `${w.pods.length}/${w.pods.length} ready`),
    pods: workloads.map((w) => [...w.pods].map((_, i) => `-${i}`).join('/')),
    podHealth: workloads.map((w) => w.pods),
    podState: workloads.map((w) =>
      [...w.pods]
        .filter((d) => d !== '0')
        .map(() => 'CrashLoopBackOff')
        .join('|'),
    ),
    gone: [],
    goneNamespaces: [],
    ...more,
    kinds,
    namespaces,
  };
}

export const madeRow = (name: string, more: Partial<ContextRow> = {}): ContextRow => ({
  name,
  nameInFile: name,
  cluster: name,
  user: 'me',
  server: 'https://cluster.example',
  namespace: 'default',
  file: '/home/me/.kube/config',
  current: false,
  demo: false,
  protected: false,
  readOnly: false,
  color: null,
  group: null,
  alias: null,
  state: 'connected',
  asOf: null,
  counts: {},
  stale: [],
  reachable: null,
  version: 'v1.37.2',
  lastSeen: null,
  objects: 0,
  failure: null,
  ...more,
});

/** So many objects in all: every namespace with so many workloads of so many pods. */
export function madeFleet(clusters: number, namespaces: number, workloads: number, pods: number): readonly MapPart[] {
  return Array.from({ length: clusters }, (_, c) =>
    madePart(
      `cluster-${String(c).padStart(3, '0')}`,
      Array.from({ length: namespaces * workloads }, (_w, i) => ({
        namespace: `ns-${String(i % namespaces).padStart(5, '0')}`,
        name: `app-${Math.floor(i / namespaces)}`,
        pods: '0'.repeat(1 + ((i * 7) % (2 * pods - 1))),
      })),
    ),
  );
}
