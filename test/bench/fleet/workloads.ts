import { PODS_A_APP, appOf, podOf } from './pods.ts';

/** The Deployments and ReplicaSets that the pods of a cluster belong to. */

const apps = (cluster: number, pods: number) =>
  Array.from({ length: Math.ceil(pods / PODS_A_APP) }, (_, app) => {
    const { spec } = podOf(cluster, app * PODS_A_APP, { resourceVersion: 1, restarts: 0, at: undefined }) as {
      spec: { containers: object[] };
    };
    const { name, namespace, hash, owner } = appOf(cluster, app);
    const labels = { app: name };
    const replicas = Math.min(PODS_A_APP, pods - app * PODS_A_APP);
    return { name, namespace, hash, owner, labels, replicas, template: { metadata: { labels }, spec: { containers: spec.containers } } };
  });

export const deploymentsOf = (cluster: number, pods: number): object[] =>
  apps(cluster, pods).map(({ name, namespace, owner, labels, replicas, template }) => ({
    metadata: { name, namespace, uid: `d-${owner}`, resourceVersion: '1', generation: 1 },
    spec: { replicas, selector: { matchLabels: labels }, template },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
  }));

export const replicaSetsOf = (cluster: number, pods: number): object[] =>
  apps(cluster, pods).map(({ name, namespace, hash, owner, labels, replicas, template }) => ({
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      uid: owner,
      resourceVersion: '1',
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: `d-${owner}`, controller: true }],
    },
    spec: { replicas, selector: { matchLabels: labels }, template },
    status: { replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 },
  }));
