import type { Outcome } from '../../../contract/index.ts';
import { type SourceNews, type Turn, tidy } from '../turn.ts';
import { failureNews } from './failure-news.ts';

/** What a kubelet says about its node, its pods and their volumes: `stats/summary`, through the API server. */

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 32 * 2 ** 20;

interface Disk {
  readonly time?: string;
  readonly usedBytes?: number;
  readonly capacityBytes?: number;
  readonly inodesUsed?: number;
  readonly inodes?: number;
}
interface Network {
  readonly time?: string;
  readonly rxBytes?: number;
  readonly txBytes?: number;
}
interface Load {
  readonly cpu?: { readonly time?: string; readonly usageNanoCores?: number };
  readonly memory?: { readonly time?: string; readonly workingSetBytes?: number };
}
interface Summary {
  readonly node?: Load & { readonly nodeName?: string; readonly fs?: Disk; readonly network?: Network };
  readonly pods?: readonly {
    readonly podRef?: { readonly name?: string; readonly namespace?: string };
    readonly network?: Network;
    readonly containers?: readonly (Load & { readonly name?: string; readonly rootfs?: Disk; readonly logs?: Disk })[];
    readonly volume?: readonly (Disk & { readonly name?: string; readonly pvcRef?: { readonly name?: string } })[];
  }[];
}

/**
 * Of the nodes named. `withUsage`: processor time and memory are taken from here too, not from metrics.k8s.io.
 * `bytes` of the answers, by node, is what the budget of the next turn is reckoned with.
 */
export async function readSummaries(
  turn: Turn,
  nodes: readonly string[],
  withUsage: boolean,
): Promise<{ readonly news: SourceNews; readonly bytes: ReadonlyMap<string, number>; readonly read: ReadonlySet<string> }> {
  let samples = 0;
  const bytes = new Map<string, number>();
  const read = new Set<string>();
  let failed: SourceNews | undefined;
  for (const node of nodes) {
    const summary = await readSummary(turn, node, (size) => bytes.set(node, size));
    if (!summary.ok) {
      failed = failureNews('kubeletSummary', `stats/summary of ${node}`, summary.failure, 'get nodes/proxy', samples);
      // What is forbidden for one node is so for all.
      if (failed.state === 'forbidden') break;
      continue;
    }
    read.add(node);
    samples += take(turn, node, summary.value, withUsage);
  }
  const because = `network, disks, volumes${withUsage ? ', processor time and memory' : ''} of ${read.size} node${read.size === 1 ? '' : 's'}`;
  const news: SourceNews =
    failed !== undefined && (read.size === 0 || failed.state === 'forbidden')
      ? failed
      : {
          kind: 'kubeletSummary',
          name: 'stats/summary',
          state: 'used',
          samples,
          because: failed === undefined ? because : `${because}; ${failed.because}`,
        };
  return { news, bytes, read };
}

async function readSummary(turn: Turn, node: string, size: (bytes: number) => void): Promise<Outcome<Summary>> {
  const text = await turn.transport.text(`/api/v1/nodes/${node}/proxy/stats/summary`, {
    timeoutMs: TIMEOUT_MS,
    mostBytes: MOST_BYTES,
    signal: turn.signal,
  });
  if (!text.ok) return text;
  size(text.value.length);
  let summary: Summary | undefined;
  try {
    summary = JSON.parse(text.value) as Summary;
  } catch {
    // A page, or half of something.
  }
  // JSON of something else is no summary either, and measures nothing.
  if (typeof summary?.node === 'object' && Array.isArray(summary.pods)) return { ok: true, value: summary };
  const message = `Context ${turn.transport.context}: the kubelet of ${node} answered with something else than its summary.`;
  return { ok: false, failure: { code: 'cluster-refused', message } };
}

const timeOf = (time: string | undefined): number => Date.parse(time ?? '');

function take(turn: Turn, node: string, summary: Summary, withUsage: boolean): number {
  let samples = 0;
  const put: Turn['put'] = (...args) => {
    const taken = turn.put(...args);
    if (taken) samples++;
    return taken;
  };
  const { node: its, pods = [] } = summary;
  if (withUsage) putLoad(its, 'node_cpu_cores', 'node_memory_bytes', { node }, put);
  putDisk(its?.fs, DISKS.node, { node }, put);
  if (its?.network?.rxBytes !== undefined) put('node_network_receive_bytes_total', { node }, its.network.rxBytes, timeOf(its.network.time));
  if (its?.network?.txBytes !== undefined)
    put('node_network_transmit_bytes_total', { node }, its.network.txBytes, timeOf(its.network.time));
  for (const { podRef, network, containers = [], volume = [] } of pods) {
    const { name: pod, namespace } = podRef ?? {};
    const entry = pod === undefined || namespace === undefined ? undefined : turn.entry(namespace, pod);
    if (pod === undefined || namespace === undefined || entry === undefined) continue;
    const { workload } = entry.owner;
    if (network?.rxBytes !== undefined && network.txBytes !== undefined) {
      const at = timeOf(network.time);
      if (!Number.isNaN(at)) turn.network(entry, at, network.rxBytes, network.txBytes);
      if (turn.keepsPods) {
        put('pod_network_receive_bytes_total', { namespace, workload, pod }, network.rxBytes, at);
        put('pod_network_transmit_bytes_total', { namespace, workload, pod }, network.txBytes, at);
      }
    } else if (network?.rxBytes === undefined) entry.rates = 'none';
    let [cpu, memory] = [0, 0];
    for (const { name: container = '', rootfs, logs, ...load } of containers) {
      cpu += (load.cpu?.usageNanoCores ?? 0) / 1e9;
      memory += load.memory?.workingSetBytes ?? 0;
      if (!turn.keepsPods) continue;
      const labels = { namespace, workload, pod, container };
      if (withUsage) putLoad(load, 'container_cpu_cores', 'container_memory_bytes', labels, put);
      const own = (rootfs?.usedBytes ?? 0) + (logs?.usedBytes ?? 0);
      if (rootfs?.usedBytes !== undefined) put('container_filesystem_bytes', labels, own, timeOf(rootfs.time));
    }
    if (withUsage && containers.some((c) => c.memory?.workingSetBytes !== undefined))
      turn.usage(entry, cpu, memory, containers.at(-1)?.memory?.time);
    for (const { name = '', pvcRef, ...disk } of volume) {
      // Small ones of the kubelet's own making (tokens, settings) do not fill.
      if (pvcRef === undefined && (!turn.keepsPods || name.startsWith(TOKENS))) continue;
      putDisk(disk, DISKS.volume, { namespace, workload, pod, volume: name, persistentvolumeclaim: pvcRef?.name ?? '' }, put);
    }
  }
  return samples;
}

/** What the admission controller of ServiceAccounts calls the volume it adds to each pod. */
const TOKENS = 'kube-api-access-';

const DISKS = {
  node: {
    usedBytes: 'node_filesystem_used_bytes',
    capacityBytes: 'node_filesystem_capacity_bytes',
    inodesUsed: 'node_filesystem_inodes_used',
    inodes: 'node_filesystem_inodes',
  },
  volume: {
    usedBytes: 'volume_used_bytes',
    capacityBytes: 'volume_capacity_bytes',
    inodesUsed: 'volume_inodes_used',
    inodes: 'volume_inodes',
  },
} as const;

function putDisk(
  disk: Disk | undefined,
  names: (typeof DISKS)[keyof typeof DISKS],
  labels: Readonly<Record<string, string>>,
  put: Turn['put'],
): void {
  if (disk === undefined) return;
  for (const field of ['usedBytes', 'capacityBytes', 'inodesUsed', 'inodes'] as const) {
    const value = disk[field];
    if (value !== undefined) put(names[field], labels, value, timeOf(disk.time));
  }
}

function putLoad(
  load: Load | undefined,
  cpu: 'node_cpu_cores' | 'container_cpu_cores',
  memory: 'node_memory_bytes' | 'container_memory_bytes',
  labels: Readonly<Record<string, string>>,
  put: Turn['put'],
): void {
  if (load?.cpu?.usageNanoCores !== undefined) put(cpu, labels, tidy(load.cpu.usageNanoCores / 1e9), timeOf(load.cpu.time));
  if (load?.memory?.workingSetBytes !== undefined) put(memory, labels, load.memory.workingSetBytes, timeOf(load.memory.time));
}
