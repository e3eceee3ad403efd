import { z } from 'zod';
import { chartCommands } from './charts.ts';
import { ContextNameSchema, TimeSchema } from './ids.ts';
import { proc, queryInt } from './proc.ts';

/** Metrics of clusters as series on this machine: where they come from, what they are called, and how they are asked for. */

export const SIGNAL_SCOPES = ['cluster', 'node', 'workload', 'volume', 'quota', 'pod'] as const;
export type SignalScope = (typeof SIGNAL_SCOPES)[number];

interface SignalRow {
  readonly unit: 'cores' | 'bytes' | 'seconds' | 'ratio' | 'count' | 'bytes per second' | 'per second';
  readonly scope: SignalScope;
  /** `counter`: only grows, and begins again at nothing; to be asked for with `rate`. */
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  readonly says: string;
}

const gauge = (scope: SignalScope, unit: SignalRow['unit'], labels: readonly string[], says: string) =>
  ({ type: 'gauge', scope, unit, labels, says }) as const satisfies SignalRow;
const counter = (scope: SignalScope, unit: SignalRow['unit'], labels: readonly string[], says: string) =>
  ({ type: 'counter', scope, unit, labels, says }) as const satisfies SignalRow;

const WORKLOAD = ['namespace', 'workload'] as const;
const CONTAINER = ['namespace', 'workload', 'pod', 'container'] as const;
const POD = ['namespace', 'workload', 'pod'] as const;
const VOLUME = ['namespace', 'workload', 'pod', 'volume', 'persistentvolumeclaim'] as const;

/**
 * Every series that is kept, by its metric's name. `workload` is the object a person edits: `Deployment/checkout`. What a workload is the
 * sum of, it is the sum of what was read of its pods at one time.
 */
export const SIGNALS = {
  workload_cpu_cores: gauge('workload', 'cores', WORKLOAD, 'Processor time of all its pods'),
  workload_cpu_cores_max: gauge('workload', 'cores', WORKLOAD, 'Processor time of the pod that takes most'),
  workload_memory_bytes: gauge('workload', 'bytes', WORKLOAD, 'Working set of all its pods'),
  workload_memory_bytes_max: gauge('workload', 'bytes', WORKLOAD, 'Working set of the pod that takes most'),
  workload_startup_cpu_cores_max: gauge('workload', 'cores', WORKLOAD, 'The same, of those that started within five minutes'),
  workload_startup_memory_bytes_max: gauge('workload', 'bytes', WORKLOAD, 'The same of their working set'),
  workload_memory_limit_bytes: gauge('workload', 'bytes', WORKLOAD, 'Memory limit of one of its pods; absent where a container has none'),
  workload_pods: gauge('workload', 'count', WORKLOAD, 'Pods that metrics were read of'),
  workload_restarts_total: counter('workload', 'count', WORKLOAD, 'Restarts of containers of the pods there are now'),
  workload_throttled_ratio: gauge('workload', 'ratio', WORKLOAD, 'Part of its scheduling periods in which it was throttled'),
  workload_network_receive_bytes_per_second: gauge('workload', 'bytes per second', WORKLOAD, 'Received by all its pods'),
  workload_network_transmit_bytes_per_second: gauge('workload', 'bytes per second', WORKLOAD, 'Sent by all its pods'),
  workload_requests_per_second: gauge('workload', 'per second', [...WORKLOAD, 'class'], 'Requests answered, by class of status'),
  workload_latency_seconds: gauge('workload', 'seconds', [...WORKLOAD, 'quantile'], 'How long requests took: 0.5, 0.95, 0.99 and mean'),
  container_cpu_cores: gauge('pod', 'cores', CONTAINER, 'Processor time'),
  container_memory_bytes: gauge('pod', 'bytes', CONTAINER, 'Working set'),
  container_restarts_total: counter('pod', 'count', CONTAINER, 'Restarts'),
  container_throttled_periods_total: counter('pod', 'count', CONTAINER, 'Scheduling periods in which it was throttled'),
  container_periods_total: counter('pod', 'count', CONTAINER, 'Scheduling periods'),
  container_filesystem_bytes: gauge('pod', 'bytes', CONTAINER, 'Its own writable layer and its logs'),
  pod_network_receive_bytes_total: counter('pod', 'bytes', POD, 'Received'),
  pod_network_transmit_bytes_total: counter('pod', 'bytes', POD, 'Sent'),
  volume_used_bytes: gauge('volume', 'bytes', VOLUME, 'In use on a volume'),
  volume_capacity_bytes: gauge('volume', 'bytes', VOLUME, 'Size of a volume'),
  volume_inodes_used: gauge('volume', 'count', VOLUME, 'Inodes in use on a volume'),
  volume_inodes: gauge('volume', 'count', VOLUME, 'Inodes of a volume'),
  node_cpu_cores: gauge('node', 'cores', ['node'], 'Processor time of a node'),
  node_cpu_allocatable_cores: gauge('node', 'cores', ['node'], 'What its pods may take'),
  node_memory_bytes: gauge('node', 'bytes', ['node'], 'Working set of a node'),
  node_memory_allocatable_bytes: gauge('node', 'bytes', ['node'], 'What its pods may take'),
  node_filesystem_used_bytes: gauge('node', 'bytes', ['node'], 'In use on the disk of the kubelet'),
  node_filesystem_capacity_bytes: gauge('node', 'bytes', ['node'], 'Size of the disk of the kubelet'),
  node_filesystem_inodes_used: gauge('node', 'count', ['node'], 'Inodes in use there'),
  node_filesystem_inodes: gauge('node', 'count', ['node'], 'Inodes there'),
  node_network_receive_bytes_total: counter('node', 'bytes', ['node'], 'Received'),
  node_network_transmit_bytes_total: counter('node', 'bytes', ['node'], 'Sent'),
  node_pressure: gauge('node', 'count', ['node', 'condition'], '1 while a node says it is under pressure, or not Ready'),
  node_pods: gauge('node', 'count', ['node'], 'Pods on a node'),
  quota_used: gauge('quota', 'count', ['namespace', 'resourcequota', 'resource'], 'Of a quota'),
  quota_hard: gauge('quota', 'count', ['namespace', 'resourcequota', 'resource'], 'Limit of a quota'),
  hpa_replicas: gauge('quota', 'count', ['namespace', 'horizontalpodautoscaler'], 'Replicas an autoscaler sees'),
  hpa_max_replicas: gauge('quota', 'count', ['namespace', 'horizontalpodautoscaler'], 'The most it may ask for'),
  certificate_expires_timestamp_seconds: gauge('quota', 'seconds', ['namespace', 'secret'], 'When the certificate of a TLS Secret ends'),
  apiserver_ping_seconds: gauge('cluster', 'seconds', [], 'How long the API server took to answer us'),
  apiserver_requests_per_second: gauge('cluster', 'per second', ['class'], 'Requests it answered, by class of status'),
  apiserver_inflight_requests: gauge('cluster', 'count', ['kind'], 'Requests it is working on'),
  dns_requests_per_second: gauge('cluster', 'per second', ['rcode'], 'Answers of the cluster DNS, by code'),
  dns_latency_seconds: gauge('cluster', 'seconds', ['quantile'], 'How long they took: 0.5, 0.95, 0.99 and mean'),
  ingress_requests_per_second: gauge('cluster', 'per second', ['namespace', 'ingress', 'class'], 'Requests through an Ingress'),
  ingress_latency_seconds: gauge('cluster', 'seconds', ['namespace', 'ingress', 'quantile'], 'How long they took'),
} as const satisfies Record<string, SignalRow>;
export type SignalName = keyof typeof SIGNALS;

/** Kinds of places metrics come from, best first where several tell the same. */
export const SOURCE_KINDS = [
  'objects',
  'kubeletSummary',
  'cadvisor',
  'metricsApi',
  'prometheus',
  'kubeStateMetrics',
  'exposition',
  'ingress',
  'dns',
  'apiServer',
] as const;
export const SourceKindSchema = z.enum(SOURCE_KINDS);
export type SourceKind = z.infer<typeof SourceKindSchema>;

export const MetricSourceSchema = z.strictObject({
  kind: SourceKindSchema,
  /** Where it is: a path of the API, `monitoring/prometheus:9090`, a pod. */
  name: z.string(),
  /** used: read at every turn | standby: would be read if a better one failed | absent | forbidden | failing */
  state: z.enum(['used', 'standby', 'absent', 'forbidden', 'failing']),
  lastAt: TimeSchema.nullable(),
  /** Values of the last reading. */
  samples: z.number().int(),
  /** Why it is not used, what is missing in it, or what it is for. */
  because: z.string(),
  /** The right that is missing, as in RBAC: `get nodes/proxy`. */
  needs: z.string().nullable(),
});
export type MetricSource = z.infer<typeof MetricSourceSchema>;

/** Values that were not taken, by why. */
export const RefusedSamplesSchema = z.strictObject({
  notANumber: z.number().int(),
  negative: z.number().int(),
  duplicate: z.number().int(),
  late: z.number().int(),
  clockApart: z.number().int(),
  tooManySeries: z.number().int(),
});
export type RefusedSamples = z.infer<typeof RefusedSamplesSchema>;

export const ClusterMetricsSchema = z.strictObject({
  context: ContextNameSchema,
  sources: z.array(MetricSourceSchema),
  /** What of the signals is not there, each a sentence. */
  gaps: z.array(z.string()),
  refused: RefusedSamplesSchema,
  /** Series that are written at the moment. */
  live: z.number().int(),
  everySeconds: z.number().nullable(),
  stored: z.strictObject({ series: z.number().int(), bytes: z.number().int(), since: TimeSchema.nullable() }),
});
export type ClusterMetrics = z.infer<typeof ClusterMetricsSchema>;

/** Seconds between two readings of a cluster. */
export const PaceSchema = z.number().int().min(2).max(300);

/** JSON has no words for these three. */
export const MetricValueSchema = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])]);
export type MetricValue = z.infer<typeof MetricValueSchema>;

export const MetricSeriesSchema = z.strictObject({
  labels: z.record(z.string(), z.string()),
  /** Milliseconds since 1970, and the value at each. */
  at: z.array(z.number()),
  values: z.array(MetricValueSchema),
});
export type MetricSeries = z.infer<typeof MetricSeriesSchema>;

export const MetricAnswerSchema = z.strictObject({
  type: z.enum(['scalar', 'vector', 'matrix', 'string']),
  series: z.array(MetricSeriesSchema),
  text: z.string().nullable(),
  /** What is odd about the question or the data. */
  warnings: z.array(z.string()),
  /** There were more series than are answered. */
  truncated: z.boolean(),
});
export type MetricAnswer = z.infer<typeof MetricAnswerSchema>;

export const metricsCommands = {
  metrics: {
    ...chartCommands,
    sources: proc(
      'GET',
      '/metrics/sources',
      'Where metrics of a cluster come from, what is missing, and how much is kept',
      z.strictObject({ context: ContextNameSchema }),
      ClusterMetricsSchema,
    ),
    query: proc(
      'GET',
      '/metrics/query',
      'Ask the kept metrics of a cluster in PromQL (docs/promql.md); a range with start, end and step, else one moment',
      z.strictObject({
        context: ContextNameSchema,
        query: z.string().min(1).max(20_000),
        /** Of a moment; now where absent. */
        time: TimeSchema.optional(),
        start: TimeSchema.optional(),
        end: TimeSchema.optional(),
        /** Seconds; about 250 points where absent. */
        step: z.coerce.number().positive().optional(),
        limit: queryInt.min(1).max(10_000).default(1_000),
      }),
      MetricAnswerSchema,
    ),
    series: proc(
      'GET',
      '/metrics/series',
      'Label sets of the series that match a selector',
      z.strictObject({
        context: ContextNameSchema,
        match: z.string().min(1).max(20_000).optional(),
        limit: queryInt.min(1).max(10_000).default(1_000),
      }),
      z.strictObject({ series: z.array(z.record(z.string(), z.string())), truncated: z.boolean() }),
    ),
    keep: proc(
      'POST admin',
      '/metrics/keep',
      'How much of a cluster is kept; without limits those of all clusters hold',
      z.strictObject({
        context: ContextNameSchema,
        days: z.number().positive().max(400).optional(),
        megabytes: z.number().positive().optional(),
      }),
      ClusterMetricsSchema.shape.stored,
    ),
    prometheus: proc(
      'POST admin',
      '/metrics/prometheus',
      'Name the Prometheus of a cluster by its URL, or none; secrets are named by the files they are in',
      z.strictObject({
        context: ContextNameSchema,
        url: z.url().optional(),
        tokenFile: z.string().optional(),
        user: z.string().optional(),
        passwordFile: z.string().optional(),
      }),
      z.strictObject({ context: ContextNameSchema, url: z.string().nullable() }),
    ),
    pace: proc(
      'POST admin',
      '/metrics/pace',
      'How often the metrics of a cluster are read: each 2 to 300 seconds; without seconds each 15, and 30 from 500 pods on',
      z.strictObject({ context: ContextNameSchema, everySeconds: PaceSchema.optional() }),
      z.strictObject({ context: ContextNameSchema, everySeconds: z.number().nullable() }),
    ),
    forget: proc(
      'POST admin',
      '/metrics/forget',
      'Forget all metrics of a cluster',
      z.strictObject({ context: ContextNameSchema }),
      z.strictObject({ series: z.number().int() }),
    ),
  },
};
