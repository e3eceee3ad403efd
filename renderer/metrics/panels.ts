import type { SignalName, SignalUnit } from '../../agents/contract/index.ts';
import { type Bounds, sumOf } from './amounts.ts';
import { selectorOf } from './series-place.ts';

/** Which charts there are of what: a chart is one entry here. Pure. */

export type Subject =
  | { readonly of: 'workload'; readonly namespace: string; readonly workload: string; readonly bounds: readonly Bounds[] }
  | {
      readonly of: 'pod';
      readonly namespace: string;
      readonly pod: string;
      /** Whose pod it is: limits are of all its pods. */
      readonly workload: string;
      readonly bounds: readonly Bounds[];
    }
  | { readonly of: 'node'; readonly node: string }
  | { readonly of: 'claim'; readonly namespace: string; readonly claim: string };

export interface PanelLine {
  readonly selector: string;
  /** What the line is, from its labels. */
  readonly words: (labels: Readonly<Record<string, string>>) => string;
  /** What is not to be passed: drawn as such. */
  readonly limit?: boolean;
  /** Bad by itself. */
  readonly bad?: boolean;
}

export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly unit: SignalUnit;
  readonly lines: readonly PanelLine[];
  /** Requests and limits that the object itself says. */
  readonly bounds: readonly { readonly words: string; readonly value: number }[];
  /** The one series whose expected range is shaded. */
  readonly expected?: string;
  readonly counters?: 'total';
}

type Labels = Readonly<Record<string, string>>;

const bound = (words: string, value: number | undefined) => (value === undefined ? [] : [{ words, value }]);
const always = (words: string) => () => words;
const by = (label: string) => (labels: Labels) => labels[label] ?? '';
const quantile = (labels: Labels): string => {
  const q = labels['quantile'] ?? '';
  return q === 'mean' ? 'mean' : `${Number(q) * 100} % below`;
};

export function panelsOf(subject: Subject): readonly Panel[] {
  switch (subject.of) {
    case 'workload':
      return ofWorkload(subject);
    case 'pod':
      return ofPod(subject);
    case 'node':
      return ofNode(subject.node);
    case 'claim':
      return ofVolumes({ namespace: subject.namespace, persistentvolumeclaim: subject.claim });
  }
}

function ofWorkload({ namespace, workload, bounds }: Extract<Subject, { of: 'workload' }>): readonly Panel[] {
  const its = { namespace, workload };
  const one = (signal: SignalName, words: string) => ({ selector: selectorOf(signal, its), words: always(words) });
  const plain = { bounds: [] };
  return [
    {
      id: 'memory',
      title: 'Memory of the pod that takes most',
      unit: 'bytes',
      lines: [one('workload_memory_bytes_max', 'working set'), { ...one('workload_memory_limit_bytes', 'limit'), limit: true }],
      bounds: bound('request', sumOf(bounds, 'memoryRequest')),
      expected: selectorOf('workload_memory_bytes_max', its),
    },
    {
      id: 'cpu-most',
      title: 'Processor time of the pod that takes most',
      unit: 'cores',
      lines: [one('workload_cpu_cores_max', 'taken')],
      bounds: [...bound('request', sumOf(bounds, 'cpuRequest')), ...bound('limit', sumOf(bounds, 'cpuLimit'))],
    },
    {
      id: 'cpu',
      title: 'Processor time of all its pods',
      unit: 'cores',
      lines: [one('workload_cpu_cores', 'taken')],
      ...plain,
      expected: selectorOf('workload_cpu_cores', its),
    },
    {
      id: 'throttled',
      title: 'Throttled',
      unit: 'ratio',
      lines: [one('workload_throttled_ratio', 'of its scheduling periods')],
      ...plain,
      expected: selectorOf('workload_throttled_ratio', its),
    },
    {
      id: 'requests',
      title: 'Requests answered',
      unit: 'per second',
      lines: [{ selector: selectorOf('workload_requests_per_second', its), words: by('class') }],
      ...plain,
    },
    {
      id: 'errors',
      title: 'Requests that failed',
      unit: 'per second',
      lines: [
        {
          ...one('workload_requests_per_second', '5xx'),
          selector: selectorOf('workload_requests_per_second', { ...its, class: '5xx' }),
          bad: true,
        },
      ],
      ...plain,
      expected: selectorOf('workload_requests_per_second', { ...its, class: '5xx' }),
    },
    {
      id: 'latency',
      title: 'How long requests took',
      unit: 'seconds',
      lines: [{ selector: selectorOf('workload_latency_seconds', its), words: quantile }],
      ...plain,
      expected: selectorOf('workload_latency_seconds', { ...its, quantile: '0.95' }),
    },
    {
      id: 'network',
      title: 'Network of all its pods',
      unit: 'bytes per second',
      lines: [one('workload_network_receive_bytes_per_second', 'received'), one('workload_network_transmit_bytes_per_second', 'sent')],
      ...plain,
    },
    {
      id: 'restarts',
      title: 'Restarts of its containers',
      unit: 'count',
      lines: [one('workload_restarts_total', 'restarts')],
      ...plain,
      counters: 'total',
    },
    { id: 'pods', title: 'Pods', unit: 'count', lines: [one('workload_pods', 'pods')], ...plain },
    ...ofVolumes(its),
  ];
}

function ofPod({ namespace, pod, bounds }: Extract<Subject, { of: 'pod' }>): readonly Panel[] {
  const its = { namespace, pod };
  const each = (signal: SignalName) => ({ selector: selectorOf(signal, its), words: by('container') });
  const of = (what: Exclude<keyof Bounds, 'name'>, words: string) =>
    bounds.flatMap((b) => bound(bounds.length === 1 ? words : `${words} of ${b.name}`, b[what]));
  return [
    {
      id: 'memory',
      title: 'Memory',
      unit: 'bytes',
      lines: [each('container_memory_bytes')],
      bounds: [...of('memoryRequest', 'request'), ...of('memoryLimit', 'limit')],
    },
    {
      id: 'cpu',
      title: 'Processor time',
      unit: 'cores',
      lines: [each('container_cpu_cores')],
      bounds: [...of('cpuRequest', 'request'), ...of('cpuLimit', 'limit')],
    },
    {
      id: 'network',
      title: 'Network',
      unit: 'bytes per second',
      lines: [
        { selector: selectorOf('pod_network_receive_bytes_total', its), words: always('received') },
        { selector: selectorOf('pod_network_transmit_bytes_total', its), words: always('sent') },
      ],
      bounds: [],
    },
    {
      id: 'throttled',
      title: 'Throttled scheduling periods',
      unit: 'per second',
      lines: [
        { selector: selectorOf('container_throttled_periods_total', its), words: (l) => `throttled, ${by('container')(l)}` },
        { selector: selectorOf('container_periods_total', its), words: (l) => `all, ${by('container')(l)}` },
      ],
      bounds: [],
    },
    {
      id: 'restarts',
      title: 'Restarts',
      unit: 'count',
      lines: [each('container_restarts_total')],
      bounds: [],
      counters: 'total',
    },
    { id: 'disk', title: 'Its own files and logs', unit: 'bytes', lines: [each('container_filesystem_bytes')], bounds: [] },
    ...ofVolumes(its),
  ];
}

function ofNode(node: string): readonly Panel[] {
  const its = { node };
  const one = (signal: SignalName, words: string) => ({ selector: selectorOf(signal, its), words: always(words) });
  const full = (id: string, title: string, unit: SignalUnit, used: SignalName, most: SignalName, mostWords: string): Panel => ({
    ...{ id, title, unit },
    lines: [one(used, 'in use'), { ...one(most, mostWords), limit: true }],
    bounds: [],
  });
  return [
    full('cpu', 'Processor time', 'cores', 'node_cpu_cores', 'node_cpu_allocatable_cores', 'what its pods may take'),
    full('memory', 'Memory', 'bytes', 'node_memory_bytes', 'node_memory_allocatable_bytes', 'what its pods may take'),
    full('disk', 'Disk of the kubelet', 'bytes', 'node_filesystem_used_bytes', 'node_filesystem_capacity_bytes', 'size'),
    full('inodes', 'Inodes there', 'count', 'node_filesystem_inodes_used', 'node_filesystem_inodes', 'all'),
    {
      id: 'network',
      title: 'Network',
      unit: 'bytes per second',
      lines: [one('node_network_receive_bytes_total', 'received'), one('node_network_transmit_bytes_total', 'sent')],
      bounds: [],
    },
    { id: 'pods', title: 'Pods', unit: 'count', lines: [one('node_pods', 'pods')], bounds: [] },
    {
      id: 'pressure',
      title: 'Pressure that it says',
      unit: 'count',
      lines: [{ selector: selectorOf('node_pressure', its), words: by('condition'), bad: true }],
      bounds: [],
    },
  ];
}

function ofVolumes(its: Labels): readonly Panel[] {
  const name = (labels: Labels): string => labels['persistentvolumeclaim'] || labels['volume'] || '';
  const panel = (id: string, title: string, unit: SignalUnit, used: SignalName, most: SignalName): Panel => ({
    ...{ id, title, unit },
    lines: [
      { selector: selectorOf(used, its), words: (l) => `in use on ${name(l)}` },
      { selector: selectorOf(most, its), words: (l) => `size of ${name(l)}`, limit: true },
    ],
    bounds: [],
  });
  return [
    panel('volumes', 'Volumes', 'bytes', 'volume_used_bytes', 'volume_capacity_bytes'),
    panel('volume-inodes', 'Inodes of volumes', 'count', 'volume_inodes_used', 'volume_inodes'),
  ];
}
