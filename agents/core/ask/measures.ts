import { SIGNALS, type SignalName, unitOf, valueWords } from '../../contract/index.ts';
import type { Measure } from './topics.ts';

/** How much is used now: which kept series say it, and how they are said. */

/** Of what it is asked: one workload, node or claim, else whatever uses most in a namespace or the cluster. */
export interface UsedBy {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface MeasureQuery {
  readonly signal: SignalName;
  readonly promql: string;
  /** Its words; without them a series is named by its labels. */
  readonly says: string | undefined;
}

const OF_WORKLOAD: Readonly<Record<Measure, readonly SignalName[]>> = {
  all: ['workload_cpu_cores', 'workload_memory_bytes', 'workload_memory_limit_bytes', 'workload_requests_per_second'],
  memory: ['workload_memory_bytes', 'workload_memory_bytes_max', 'workload_memory_limit_bytes'],
  cpu: ['workload_cpu_cores', 'workload_cpu_cores_max', 'workload_throttled_ratio'],
  disk: ['volume_used_bytes', 'volume_capacity_bytes'],
  network: ['workload_network_receive_bytes_per_second', 'workload_network_transmit_bytes_per_second'],
  requests: ['workload_requests_per_second'],
  errors: ['workload_requests_per_second'],
  latency: ['workload_latency_seconds'],
  restarts: ['workload_restarts_total'],
  throttled: ['workload_throttled_ratio'],
};
const OF_NODE: Readonly<Partial<Record<Measure, readonly SignalName[]>>> = {
  all: [
    'node_cpu_cores',
    'node_cpu_allocatable_cores',
    'node_memory_bytes',
    'node_memory_allocatable_bytes',
    'node_filesystem_used_bytes',
    'node_filesystem_capacity_bytes',
    'node_pods',
  ],
  memory: ['node_memory_bytes', 'node_memory_allocatable_bytes'],
  cpu: ['node_cpu_cores', 'node_cpu_allocatable_cores'],
  disk: ['node_filesystem_used_bytes', 'node_filesystem_capacity_bytes'],
};
/** What is compared where it is asked who uses most. */
const OF_ALL: Readonly<Record<Measure, SignalName>> = {
  all: 'workload_cpu_cores',
  memory: 'workload_memory_bytes',
  cpu: 'workload_cpu_cores',
  disk: 'volume_used_bytes',
  network: 'workload_network_receive_bytes_per_second',
  requests: 'workload_requests_per_second',
  errors: 'workload_requests_per_second',
  latency: 'workload_latency_seconds',
  restarts: 'workload_restarts_total',
  throttled: 'workload_throttled_ratio',
};
/** Summed over its containers. */
const OF_POD: Readonly<Partial<Record<Measure, SignalName>>> = {
  all: 'container_cpu_cores',
  memory: 'container_memory_bytes',
  cpu: 'container_cpu_cores',
  restarts: 'container_restarts_total',
};
/** What a value may not pass, or cannot: both are told as one, with the share. */
export const UP_TO: Readonly<Partial<Record<SignalName, SignalName>>> = {
  workload_memory_bytes_max: 'workload_memory_limit_bytes',
  volume_used_bytes: 'volume_capacity_bytes',
  node_cpu_cores: 'node_cpu_allocatable_cores',
  node_memory_bytes: 'node_memory_allocatable_bytes',
  node_filesystem_used_bytes: 'node_filesystem_capacity_bytes',
};
const MOST_NAMED = 5;
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet']);

/** Series that say how much one thing uses; none where nothing of it is measured. */
export function measuresOf(measure: Measure, { kind, namespace = '', name }: UsedBy): readonly MeasureQuery[] {
  const [signals, labels] = WORKLOADS.has(kind)
    ? [OF_WORKLOAD[measure], { namespace, workload: `${kind}/${name}` }]
    : kind === 'Node'
      ? [OF_NODE[measure] ?? [], { node: name }]
      : kind === 'PersistentVolumeClaim' && measure === 'disk'
        ? [OF_WORKLOAD.disk, { namespace, persistentvolumeclaim: name }]
        : [[], {}];
  return signals.map((signal) => ({ signal, promql: selector(signal, labels, measure), says: SIGNALS[signal].says }));
}

/** Of what it is asked what uses most. */
export type Users = 'workloads' | 'pods' | 'nodes';

/** What uses most of it, in these namespaces or in all. What is not kept of single pods, or of nodes, is told of workloads. */
export function mostOf(measure: Measure, namespaces: readonly string[], users: Users, count = MOST_NAMED): MeasureQuery {
  const own = users === 'nodes' ? OF_NODE[measure]?.[0] : users === 'pods' ? OF_POD[measure] : undefined;
  const signal = own ?? OF_ALL[measure];
  const within = namespaces.length === 0 ? {} : { namespace: namespaces };
  const some = selector(signal, within, measure);
  const by = users === 'pods' && own !== undefined ? 'pod' : measure === 'requests' ? 'workload' : undefined;
  return { signal, promql: `topk(${count}, ${by === undefined ? some : `sum by (namespace, ${by}) (${some})`})`, says: undefined };
}

function selector(signal: SignalName, labels: Readonly<Record<string, string | readonly string[]>>, measure: Measure): string {
  const given = Object.entries(labels).map(([label, value]) =>
    typeof value === 'string' ? `${label}=${JSON.stringify(value)}` : `${label}=~${JSON.stringify(value.map(literal).join('|'))}`,
  );
  // What the cluster itself mounts into each pod, its token, belongs to no claim.
  if (signal.startsWith('volume_') && labels['persistentvolumeclaim'] === undefined) given.push('persistentvolumeclaim!=""');
  if (measure === 'errors') given.push('class=~"5xx|4xx"');
  if (measure === 'latency') given.push('quantile="0.95"');
  return given.length === 0 ? signal : `${signal}{${given.join(',')}}`;
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** One value as a sentence: "Working set of all its pods: 4.2 MiB", "Deployment shop/cart: 4.2 MiB"; `most`: "4.2 MiB of 96 MiB (4 %)". */
export function measureWords(
  { signal, says }: MeasureQuery,
  labels: Readonly<Record<string, string>>,
  value: number,
  most?: number,
): string {
  const part = [labels['class'], quantileWords(labels['quantile'])].filter((p) => p !== undefined);
  const shown = valueWords(unitOf(signal), value);
  const upTo = most === undefined || most <= 0 ? '' : ` of ${valueWords(unitOf(signal), most)} (${Math.round((100 * value) / most)} %)`;
  const whose = whoseWords(signal, labels);
  const of = says === undefined ? whose : labels['persistentvolumeclaim'] === undefined ? says : `${says}, ${whose}`;
  return `${of}${part.length === 0 ? '' : ` (${part.join(', ')})`}: ${shown}${upTo}`;
}

const quantileWords = (quantile: string | undefined): string | undefined =>
  quantile === undefined || quantile === 'mean' ? quantile : `${Number(quantile) * 100} of 100`;

/** Whose value it is, by the labels of its series: "Deployment shop/cart", "Node n-1"; else the series. */
export function whoseWords(
  signal: string,
  { namespace = '', workload, pod, node, persistentvolumeclaim = '' }: Readonly<Record<string, string>>,
): string {
  if (node !== undefined) return `Node ${node}`;
  if (persistentvolumeclaim !== '') return `claim ${namespace}/${persistentvolumeclaim}`;
  if (workload === undefined && pod !== undefined) return `Pod ${namespace}/${pod}`;
  const [kind = '', name = ''] = workload?.split('/') ?? [];
  return workload === undefined ? signal : `${kind} ${namespace}/${name}`;
}
