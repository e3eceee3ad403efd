import { z } from 'zod';
import type { KubeObject } from '../../contract/index.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import type { SourceKind } from '../../contract/index.ts';
import { all } from './sources/objects.ts';

/** Where workloads expose metrics: what they say by annotation, what monitors select, and what is known of DNS and ingress controllers. */

export interface Target {
  readonly kind: Extract<SourceKind, 'exposition' | 'ingress' | 'dns'>;
  readonly namespace: string;
  readonly pod: string;
  /** Of the API server's proxy. */
  readonly path: string;
}

type Objects = Pick<ClusterSession, 'keys' | 'object'>;
type Pod = KubeObject<'Pod'>;

const MOST_TARGETS = 2_000;
const PATH = /^\/[-._~/a-zA-Z0-9]*$/;

/** Known ones that nobody annotates: by their labels. */
const KNOWN: readonly {
  readonly kind: Target['kind'];
  readonly port: number;
  readonly of: (labels: Pod['metadata']['labels']) => boolean;
}[] = [
  {
    kind: 'dns',
    port: 9153,
    of: (l) => l['k8s-app'] === 'kube-dns' || l['k8s-app'] === 'coredns' || l['app.kubernetes.io/name'] === 'coredns',
  },
  {
    kind: 'ingress',
    port: 10254,
    of: (l) => l['app.kubernetes.io/name'] === 'ingress-nginx' && l['app.kubernetes.io/component'] !== 'admission-webhook',
  },
  { kind: 'ingress', port: 9100, of: (l) => l['app.kubernetes.io/name'] === 'traefik' },
];

/** A ServiceMonitor or PodMonitor of the Prometheus operator, as far as it is followed: labels that match, ports by name. */
export interface Monitor {
  readonly of: 'services' | 'pods';
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly anyNamespace: boolean;
  readonly endpoints: readonly { readonly port: string; readonly path: string; readonly scheme: string }[];
}

export function targetsOf(session: Objects, monitors: readonly Monitor[]): Target[] {
  const targets = new Map<string, Target>();
  const selected = [...servicesByAnnotation(session), ...servicesByMonitor(session, monitors)];
  const podMonitors = monitors.filter((m) => m.of === 'pods');
  for (const pod of all(session, 'Pod')) {
    if (targets.size >= MOST_TARGETS) break;
    if (pod.status.phase !== 'Running') continue;
    const { annotations, labels, namespace = '' } = pod.metadata;
    const add = (kind: Target['kind'], port: string | number | undefined, path: string | undefined, scheme: string | undefined) => {
      const number = portOf(pod, port);
      const target = targetOf(kind, pod, number, path, scheme);
      if (target !== undefined) targets.set(target.path, target);
    };
    const known = KNOWN.find((k) => k.of(labels));
    if (known !== undefined) add(known.kind, portOf(pod, 'metrics') ?? known.port, undefined, undefined);
    else if (annotations['prometheus.io/scrape'] === 'true')
      add('exposition', annotations['prometheus.io/port'], annotations['prometheus.io/path'], annotations['prometheus.io/scheme']);
    else {
      const service = selected.find((s) => s.namespace === namespace && matches(s.selector, labels));
      if (service !== undefined) add('exposition', service.port, service.path, service.scheme);
      const monitor = podMonitors.find((m) => (m.anyNamespace || m.namespace === namespace) && matches(m.labels, labels));
      const endpoint = monitor?.endpoints[0];
      if (endpoint !== undefined) add('exposition', endpoint.port, endpoint.path, endpoint.scheme);
    }
  }
  return [...targets.values()];
}

interface Selected {
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly port: string | number | undefined;
  readonly path: string | undefined;
  readonly scheme: string | undefined;
}

function* servicesByAnnotation(session: Objects): Generator<Selected> {
  for (const { metadata, spec } of all(session, 'Service')) {
    const { annotations, namespace = '' } = metadata;
    if (annotations['prometheus.io/scrape'] !== 'true') continue;
    const [first] = spec.ports;
    yield {
      namespace,
      selector: spec.selector,
      port: annotations['prometheus.io/port'] ?? first?.targetPort ?? first?.port,
      path: annotations['prometheus.io/path'],
      scheme: annotations['prometheus.io/scheme'],
    };
  }
}

function* servicesByMonitor(session: Objects, monitors: readonly Monitor[]): Generator<Selected> {
  const ofServices = monitors.filter((m) => m.of === 'services');
  if (ofServices.length === 0) return;
  for (const { metadata, spec } of all(session, 'Service')) {
    const { namespace = '', labels } = metadata;
    const monitor = ofServices.find((m) => (m.anyNamespace || m.namespace === namespace) && matches(m.labels, labels));
    const endpoint = monitor?.endpoints[0];
    const port = spec.ports.find((p) => p.name === endpoint?.port);
    if (endpoint !== undefined && port !== undefined)
      yield { namespace, selector: spec.selector, port: port.targetPort ?? port.port, path: endpoint.path, scheme: endpoint.scheme };
  }
}

/** No labels select nothing here: everything is never meant. */
function matches(wanted: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(wanted);
  return pairs.length > 0 && pairs.every(([name, value]) => labels[name] === value);
}

function portOf(pod: Pod, port: string | number | undefined): number | undefined {
  if (port === undefined) return undefined;
  const number = Number(port);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  for (const container of pod.spec.containers) for (const its of container.ports) if (its.name === port) return its.containerPort;
  return undefined;
}

function targetOf(kind: Target['kind'], pod: Pod, port: number | undefined, path = '/metrics', scheme = 'http'): Target | undefined {
  const { namespace = '', name } = pod.metadata;
  // A path with a query, or one that leads upwards, is none that is only for reading metrics.
  if (port === undefined || !PATH.test(path) || path.includes('..')) return undefined;
  const before = scheme === 'https' ? 'https:' : '';
  return { kind, namespace, pod: name, path: `/api/v1/namespaces/${namespace}/pods/${before}${name}:${port}/proxy${path}` };
}

const EndpointSchema = z.object({ port: z.string().default(''), path: z.string().default('/metrics'), scheme: z.string().default('http') });
const MonitorSchema = z.object({
  metadata: z.object({ namespace: z.string().default('') }),
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }).default({ matchLabels: {} }),
    namespaceSelector: z.object({ any: z.boolean().default(false) }).default({ any: false }),
    endpoints: z.array(EndpointSchema).default([]),
    podMetricsEndpoints: z.array(EndpointSchema).default([]),
  }),
});
const ListSchema = z.object({ items: z.array(z.unknown()).default([]) });

/** Monitors of the Prometheus operator, where it is installed and they may be read; one that cannot be understood is left out. */
export async function readMonitors(reads: ReadOnlyTransport): Promise<Monitor[]> {
  const monitors: Monitor[] = [];
  for (const [plural, of] of [
    ['servicemonitors', 'services'],
    ['podmonitors', 'pods'],
  ] as const) {
    const answer = await reads.get(`/apis/monitoring.coreos.com/v1/${plural}`, { query: { limit: 500 } });
    const list = ListSchema.safeParse(answer.ok ? answer.value : {});
    for (const item of list.data?.items ?? []) {
      const { data } = MonitorSchema.safeParse(item);
      if (data === undefined) continue;
      const { selector, namespaceSelector, endpoints, podMetricsEndpoints } = data.spec;
      monitors.push({
        of,
        namespace: data.metadata.namespace,
        labels: selector.matchLabels,
        anyNamespace: namespaceSelector.any,
        endpoints: of === 'services' ? endpoints : podMetricsEndpoints,
      });
    }
  }
  return monitors;
}
