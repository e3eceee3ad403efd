import { podOf } from './pods.ts';

/** What the metrics server and the kubelets of a fleet's cluster say: of every pod, other values each time. */

export const NODES = 200;
const named = new Map<string, { readonly name: string; readonly namespace: string }>();

function nameOf(cluster: number, n: number): { readonly name: string; readonly namespace: string } {
  const key = `${cluster} ${n}`;
  let known = named.get(key);
  if (known === undefined) {
    const { metadata } = podOf(cluster, n, { resourceVersion: 1, restarts: 0, at: undefined }) as {
      metadata: { name: string; namespace: string };
    };
    named.set(key, (known = { name: metadata.name, namespace: metadata.namespace }));
  }
  return known;
}

const now = () => new Date().toISOString();
const some = (n: number, most: number): number => (n * 7919 + (Date.now() >> 10)) % most;

export const nodesOf = (): object[] =>
  Array.from({ length: NODES }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${i}`, uid: `node-${i}`, resourceVersion: '1' },
    spec: {},
    status: {
      allocatable: { cpu: '8', memory: '32Gi' },
      capacity: { cpu: '8', memory: '32Gi' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }));

export function metricsPage(cluster: number, pods: number, path: string): string | undefined {
  const timestamp = now();
  const usage = (n: number) => ({ cpu: `${some(n, 400_000_000)}n`, memory: `${100_000 + some(n, 50_000)}Ki` });
  const list = (kind: string, items: readonly object[]) =>
    JSON.stringify({ kind, apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items });
  if (path === '/apis/metrics.k8s.io/v1beta1/nodes')
    return list(
      'NodeMetricsList',
      nodesOf().map((_, i) => ({
        metadata: { name: `node-${i}`, creationTimestamp: timestamp, labels: {} },
        timestamp,
        window: '20s',
        usage: usage(i),
      })),
    );
  if (path === '/apis/metrics.k8s.io/v1beta1/pods')
    return list(
      'PodMetricsList',
      Array.from({ length: pods }, (_, n) => ({
        metadata: {
          ...nameOf(cluster, n),
          creationTimestamp: timestamp,
          labels: { app: 'app', 'pod-template-hash': '6d4cf56db6', version: '1.4.2' },
        },
        timestamp,
        window: '17.3s',
        containers: [{ name: 'app', usage: usage(n) }],
      })),
    );
  const [, node, what] = /^\/api\/v1\/nodes\/node-(\d+)\/proxy\/(stats\/summary|metrics\/cadvisor)$/.exec(path) ?? [];
  if (node === undefined) return undefined;
  const own = Array.from({ length: pods }, (_, n) => n).filter((n) => (n * 31) % NODES === Number(node));
  return what === 'stats/summary' ? summary(cluster, node, own) : cadvisor(cluster, own);
}

function summary(cluster: number, node: string, own: readonly number[]): string {
  const time = now();
  const memory = (n: number) => ({
    time,
    usageBytes: 2e8,
    workingSetBytes: 1e8 + some(n, 1e7),
    rssBytes: 9e7,
    pageFaults: 100,
    majorPageFaults: 1,
  });
  const cpu = (n: number) => ({ time, usageNanoCores: some(n, 4e8), usageCoreNanoSeconds: 1e12 });
  const disk = (n: number) => ({
    time,
    availableBytes: 1e10,
    capacityBytes: 2e10,
    usedBytes: 1e6 + some(n, 1e6),
    inodesFree: 1e6,
    inodes: 2e6,
    inodesUsed: 900,
  });
  const network = (n: number) => ({
    time,
    name: 'eth0',
    rxBytes: Date.now() * (1 + (n % 9)),
    rxErrors: 0,
    txBytes: Date.now(),
    txErrors: 0,
  });
  return JSON.stringify({
    node: { nodeName: `node-${node}`, cpu: cpu(1), memory: memory(1), fs: disk(1), network: network(1) },
    pods: own.map((n) => ({
      podRef: { ...nameOf(cluster, n), uid: `u-${n}` },
      startTime: time,
      containers: [{ name: 'app', startTime: time, cpu: cpu(n), memory: memory(n), rootfs: disk(n), logs: disk(n) }],
      cpu: cpu(n),
      memory: memory(n),
      network: network(n),
      volume: [{ ...disk(n), name: 'config' }],
      'ephemeral-storage': disk(n),
    })),
  });
}

function cadvisor(cluster: number, own: readonly number[]): string {
  const names = [
    'cpu_usage_seconds_total',
    'memory_rss',
    'memory_cache',
    'fs_reads_total',
    'cpu_cfs_periods_total',
    'cpu_cfs_throttled_periods_total',
  ];
  return names
    .flatMap((name, i) =>
      own.map((n) => {
        const { name: pod, namespace } = nameOf(cluster, n);
        return `container_${name}{container="app",id="/kubepods/pod${n}",image="app:1",name="x${n}",namespace="${namespace}",pod="${pod}"} ${Math.floor(Date.now() / (i + 1))} ${Date.now()}\n`;
      }),
    )
    .join('');
}
