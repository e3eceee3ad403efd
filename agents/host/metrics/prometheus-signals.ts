import type { SignalName } from '../../contract/index.ts';

/** How a Prometheus that scrapes kubelets and kube-state-metrics is asked for our signals. */

interface Asked {
  readonly query: string;
  /** pod: of pods, to be added up to their workloads | else the labels that the series has in both. */
  readonly to: 'usage' | 'network' | 'volume' | 'node';
  readonly signal: SignalName;
}

/** Of containers; where cAdvisor names only the groups of whole pods, of those. */
const usage = (of: (series: string) => string, metric: string): string => {
  const containers = of(`${metric}{container!="",container!="POD"}`);
  return `${containers} or (${of(`${metric}{container="",pod!=""}`)} unless on (namespace,pod) ${containers})`;
};

export const ASKED: readonly Asked[] = [
  {
    to: 'usage',
    signal: 'container_cpu_cores',
    query: usage((series) => `sum by (namespace,pod,container)(rate(${series}[3m]))`, 'container_cpu_usage_seconds_total'),
  },
  {
    to: 'usage',
    signal: 'container_memory_bytes',
    query: usage((series) => `max by (namespace,pod,container)(${series})`, 'container_memory_working_set_bytes'),
  },
  {
    to: 'usage',
    signal: 'container_restarts_total',
    query: 'max by (namespace,pod,container)(kube_pod_container_status_restarts_total)',
  },
  {
    to: 'network',
    signal: 'workload_network_receive_bytes_per_second',
    query: 'sum by (namespace,pod)(rate(container_network_receive_bytes_total{pod!=""}[3m]))',
  },
  {
    to: 'network',
    signal: 'workload_network_transmit_bytes_per_second',
    query: 'sum by (namespace,pod)(rate(container_network_transmit_bytes_total{pod!=""}[3m]))',
  },
  { to: 'volume', signal: 'volume_used_bytes', query: 'max by (namespace,persistentvolumeclaim)(kubelet_volume_stats_used_bytes)' },
  { to: 'volume', signal: 'volume_capacity_bytes', query: 'max by (namespace,persistentvolumeclaim)(kubelet_volume_stats_capacity_bytes)' },
  { to: 'volume', signal: 'volume_inodes_used', query: 'max by (namespace,persistentvolumeclaim)(kubelet_volume_stats_inodes_used)' },
  { to: 'volume', signal: 'volume_inodes', query: 'max by (namespace,persistentvolumeclaim)(kubelet_volume_stats_inodes)' },
  {
    to: 'node',
    signal: 'node_cpu_cores',
    query: 'sum by (node,kubernetes_io_hostname,instance)(rate(container_cpu_usage_seconds_total{id="/"}[3m]))',
  },
  {
    to: 'node',
    signal: 'node_memory_bytes',
    query: 'max by (node,kubernetes_io_hostname,instance)(container_memory_working_set_bytes{id="/"})',
  },
];
