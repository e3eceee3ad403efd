import { type Kind, type KubeObject, project } from '../../agents/contract/index.ts';
import { PODS_A_APP, appOf, podOf } from './fleet/pods.ts';
import { deploymentsOf, replicaSetsOf } from './fleet/workloads.ts';

/** The cluster of the fleet server with what surrounds pods (nodes, Services, endpoints, ConfigMaps), and a share of the pods in the states clusters know. */

export interface Troubles {
  /** The share of the pods that is unwell, 0 to 1. */
  readonly unwell: number;
}

const NODES = 200;
const SINCE = '2026-05-31T22:00:00Z';

interface RawPod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly object[]; readonly nodeName: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string }[];
    readonly containerStatuses: readonly object[];
    readonly podIP: string;
  };
}

const notReady = (pod: RawPod) =>
  pod.status.conditions.map((c) =>
    c.type === 'Ready' || c.type === 'ContainersReady' ? { ...c, status: 'False', lastTransitionTime: SINCE } : c,
  );
const waiting = (pod: RawPod, reason: string, message: string, more: object = {}): object => ({
  ...pod,
  status: {
    ...pod.status,
    phase: 'Running',
    conditions: notReady(pod),
    containerStatuses: pod.status.containerStatuses.map((s) => ({ ...s, ready: false, state: { waiting: { reason, message } }, ...more })),
  },
});
const ended = (exitCode: number, reason: string) => ({
  restartCount: 14,
  lastState: { terminated: { exitCode, reason, startedAt: SINCE, finishedAt: SINCE } },
});

/** The states, in turn. */
const TROUBLES: readonly ((pod: RawPod) => object)[] = [
  (pod) => waiting(pod, 'CrashLoopBackOff', 'back-off 5m0s restarting failed container', ended(1, 'Error')),
  (pod) => waiting(pod, 'CrashLoopBackOff', 'back-off 5m0s restarting failed container', ended(137, 'OOMKilled')),
  (pod) => waiting(pod, 'ImagePullBackOff', 'Back-off pulling image: not found'),
  (pod) => waiting(pod, 'CreateContainerConfigError', 'configmap "settings" not found'),
  (pod) => ({
    ...pod,
    spec: { ...pod.spec, nodeName: undefined, nodeSelector: { 'disk-type': 'ssd' } },
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: `0/${NODES} nodes are available: ${NODES} node(s) didn't match Pod's node affinity/selector.`,
          lastTransitionTime: SINCE,
        },
      ],
    },
  }),
  (pod) => ({
    ...pod,
    status: {
      ...pod.status,
      conditions: notReady(pod),
      containerStatuses: pod.status.containerStatuses.map((s) => ({ ...s, ready: false })),
    },
  }),
];

function nodeOf(n: number): object {
  const name = `node-${n}`;
  const resources = { cpu: '96', memory: '768Gi', pods: '250', 'ephemeral-storage': '500Gi' };
  return {
    metadata: {
      name,
      uid: `n-${n}`,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: '2026-03-01T00:00:00Z' }],
    },
  };
}

export function troubledCluster(count: number, { unwell }: Troubles): KubeObject[] {
  const apps = Array.from({ length: Math.ceil(count / PODS_A_APP) }, (_, app) => appOf(0, app));
  const namespaces = [...new Set(apps.map((a) => a.namespace))];
  const objects: KubeObject[] = [];
  const put = <K extends Kind>(kind: K, raw: object) => void objects.push(project(kind, raw) as unknown as KubeObject);
  for (const name of namespaces) {
    put('Namespace', { metadata: { name }, status: { phase: 'Active' } });
    put('ServiceAccount', { metadata: { name: 'default', namespace: name } });
  }
  for (let n = 0; n < NODES; n++) put('Node', nodeOf(n));
  for (const deployment of deploymentsOf(0, count)) put('Deployment', deployment);
  for (const replicaSet of replicaSetsOf(0, count)) put('ReplicaSet', replicaSet);
  const every = unwell > 0 ? Math.round(1 / unwell) : Infinity;
  const addresses = new Map<string, object[]>();
  for (let n = 0; n < count; n++) {
    const whole = podOf(0, n, { resourceVersion: 1, restarts: 0, at: undefined }) as RawPod;
    const troubled = n % every === every - 1;
    const trouble = TROUBLES[Math.floor(n / every) % TROUBLES.length];
    put('Pod', troubled && trouble !== undefined ? trouble(whole) : whole);
    const { name, namespace, labels } = whole.metadata;
    const key = `${namespace}/${labels['app'] ?? ''}`;
    const endpoint = {
      addresses: [whole.status.podIP],
      conditions: { ready: !troubled, serving: !troubled, terminating: false },
      targetRef: { kind: 'Pod', name, namespace },
    };
    const known = addresses.get(key);
    if (known === undefined) addresses.set(key, [endpoint]);
    else known.push(endpoint);
  }
  for (const { name, namespace } of apps) {
    put('ConfigMap', { metadata: { name: `${name}-config`, namespace }, data: { LEVEL: 'info' } });
    put('Service', {
      metadata: { name, namespace },
      spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
    put('EndpointSlice', {
      metadata: { name: `${name}-x`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: addresses.get(`${namespace}/${name}`) ?? [],
    });
  }
  return objects;
}
