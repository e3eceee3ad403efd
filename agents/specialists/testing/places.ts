/** Nodes, and pods on them or waiting for one, as an API server has them. */

type Raw = Record<string, unknown>;

export const node = (name: string, more: { labels?: Raw; spec?: Raw; allocatable?: Raw } = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...more.labels } },
  spec: more.spec ?? {},
  status: { allocatable: more.allocatable ?? { cpu: '4', memory: '8Gi', pods: '110' } },
});

/** The status of a pod the scheduler has refused. */
export const REFUSED: Raw = {
  phase: 'Pending',
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: 'no node is available',
      lastTransitionTime: '2026-03-01T11:30:00Z',
    },
  ],
};
export const RUNNING: Raw = {
  phase: 'Running',
  conditions: [
    { type: 'PodScheduled', status: 'True' },
    { type: 'Ready', status: 'True' },
  ],
};

export interface PodSketch {
  readonly namespace?: string;
  readonly labels?: Raw;
  readonly createdAt?: string;
  readonly owner?: Raw;
  readonly deletedAt?: string;
}

/** A pod by itself: on a node where `spec` names one. */
export const pod = (name: string, spec: Raw, status: Raw = RUNNING, more: PodSketch = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: more.namespace ?? 'shop',
    uid: `uid-${name}`,
    labels: more.labels ?? {},
    creationTimestamp: more.createdAt ?? '2026-03-01T11:00:00Z',
    ...(more.owner === undefined ? {} : { ownerReferences: [more.owner] }),
    ...(more.deletedAt === undefined ? {} : { deletionTimestamp: more.deletedAt }),
  },
  spec,
  status,
});

/** `ownerReferences` of a pod that a ReplicaSet or StatefulSet of `workload(...)` made. */
export const ownedBy = (kind: string, name: string): Raw => ({ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true });

/** Changes one object of a list, found by kind and name: what a sketch has no word for. */
export function changed(objects: readonly Raw[], kind: string, name: string, change: (object: Raw) => Raw): Raw[] {
  return objects.map((o) => (o['kind'] === kind && (o['metadata'] as Raw)['name'] === name ? change(o) : o));
}
