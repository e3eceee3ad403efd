import { type Kind, type KubeObject, type ResourceRef, refOf, refWords } from '../../contract/index.ts';
import type { FindingDraft } from '../../core/agent.ts';
import { nearest } from '../../core/nearest.ts';
import type { View } from '../../core/view.ts';
import type { Workload } from '../../core/workloads.ts';
import { fieldEvidence } from './containers.ts';
import { names } from './scheduling-evidence.ts';
import { SERVICE_KINDS, type Service, readyPods, selected } from './service-pods.ts';

/** Services that the API server itself calls: of webhooks, conversions and aggregated APIs. */

export const CALLED_KINDS = [...SERVICE_KINDS, 'EndpointSlice'] as const satisfies readonly Kind[];
type CalledKind = (typeof CALLED_KINDS)[number];

export interface Called {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number | undefined;
}

export type Backend =
  | { readonly fault: 'service-missing'; readonly meant: string | undefined }
  | { readonly fault: 'port-missing'; readonly service: Service; readonly ports: readonly number[] }
  | { readonly fault: 'scaled-to-zero'; readonly service: Service; readonly workload: Workload }
  | { readonly fault: 'no-endpoints'; readonly service: Service; readonly workloads: readonly Workload[] }
  /** Something is there to answer. */
  | { readonly fault: undefined; readonly service: Service; readonly workloads: readonly Workload[] };

/** The API server's port where none is written. */
const HTTPS = 443;

/** What is behind a Service that is called; undefined where that cannot be read. */
export function backendOf(view: View<CalledKind>, { namespace, name, port = HTTPS }: Called): Backend | undefined {
  const service = view.get('Service', namespace, name);
  if (service === undefined) {
    if (!view.complete('Service', namespace)) return undefined;
    const others = view.list('Service', namespace).filter((s) => serves(view, s) && s.spec.ports.some((p) => p.port === port));
    return {
      fault: 'service-missing',
      meant: nearest(
        name,
        others.map((s) => s.metadata.name),
      ),
    };
  }
  if (service.spec.type === 'ExternalName') return { fault: undefined, service, workloads: [] };
  if (!service.spec.ports.some((p) => p.port === port))
    return { fault: 'port-missing', service, ports: service.spec.ports.map((p) => p.port) };
  const behind = Object.keys(service.spec.selector).length === 0 ? [] : selected(view, service);
  if (serves(view, service)) return { fault: undefined, service, workloads: behind };
  if (!view.complete('Pod', namespace) || !view.complete('EndpointSlice', namespace)) return undefined;
  const [zero] = behind.filter((w) => w.desired === 0 && isScalable(w));
  if (zero !== undefined && behind.every((w) => w.desired === 0)) return { fault: 'scaled-to-zero', service, workload: zero };
  return { fault: 'no-endpoints', service, workloads: behind };
}

const isScalable = ({ object: { kind } }: Workload) => kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicaSet';

function serves(view: View<CalledKind>, service: Service): boolean {
  const { namespace = '', name } = service.metadata;
  if (view.list('EndpointSlice', namespace).some((s) => s.metadata.labels['kubernetes.io/service-name'] === name && hasReady(s)))
    return true;
  return Object.keys(service.spec.selector).length > 0 && selected(view, service).some((w) => readyPods(w).length > 0);
}
const hasReady = (slice: KubeObject<'EndpointSlice'>) =>
  slice.endpoints.some((e) => e.conditions.ready !== false && e.addresses.length > 0);

/** Who calls, and where it is written whom. */
export interface Caller {
  readonly ref: ResourceRef;
  /** The path of the reference: `webhooks[0].clientConfig.service`. */
  readonly field: string;
  readonly called: Called;
  /** `webhook check.example.com of ValidatingWebhookConfiguration policies`. */
  readonly words: string;
}

/** The finding for a backend that cannot answer, without what it leads to. Undefined for one that can. */
export function unreachable(
  caller: Caller,
  backend: Backend,
  so: string,
):
  | (Pick<FindingDraft, 'subject' | 'field' | 'message' | 'evidence' | 'confidence' | 'params' | 'calls'> & {
      readonly spoils: readonly ResourceRef[];
    })
  | undefined {
  const { called, ref, field, words } = caller;
  const written = fieldEvidence(ref, field, `${called.namespace}/${called.name}:${called.port ?? HTTPS}`);
  const missing: ResourceRef = { apiVersion: 'v1', kind: 'Service', namespace: called.namespace, name: called.name };
  const params = { field, fault: backend.fault ?? '', service: called.name, namespace: called.namespace };
  switch (backend.fault) {
    case 'service-missing':
      return {
        subject: ref,
        field: `${field}.name`,
        message: `${words} calls Service ${called.namespace}/${called.name}, which does not exist${backend.meant === undefined ? '' : `; was ${backend.meant} meant?`}${so}`,
        evidence: [written],
        confidence: 0.95,
        params: { ...params, ...(backend.meant === undefined ? {} : { meant: backend.meant }) },
        spoils: [missing],
      };
    case 'port-missing':
      return {
        subject: ref,
        field: `${field}.port`,
        message: `${words} calls port ${called.port ?? HTTPS} of Service ${called.namespace}/${called.name}, which has ${names(backend.ports.map(String)) || 'none'}${so}`,
        evidence: [written, fieldEvidence(refOf(backend.service), 'spec.ports', backend.ports.join(', '))],
        confidence: 0.95,
        params: {
          ...params,
          ...(called.port === undefined ? {} : { port: called.port }),
          ...(backend.ports.length === 1 ? { right: backend.ports[0] ?? HTTPS } : {}),
        },
        spoils: [refOf(backend.service)],
      };
    case 'scaled-to-zero': {
      const { workload } = backend;
      return {
        subject: workload.ref,
        field: 'spec.replicas',
        message: `${refWords(workload.ref)} is scaled to zero, and ${words} is answered by it through Service ${called.namespace}/${called.name}${so}`,
        evidence: [fieldEvidence(workload.ref, 'spec.replicas', '0'), written],
        confidence: 0.95,
        params,
        spoils: [ref, refOf(backend.service)],
      };
    }
    case 'no-endpoints':
      return {
        subject: ref,
        field,
        message: `${words} calls Service ${called.namespace}/${called.name}, which has no ready endpoint (${backend.workloads.length === 0 ? 'its selector matches no workload' : `${names(backend.workloads.map((w) => refWords(w.ref)))} is not ready`})${so}`,
        evidence: [written, fieldEvidence(refOf(backend.service), 'endpoints', 'none is ready')],
        // What keeps its pods from being ready is the cause, and another check may know it.
        confidence: 0.65,
        params: { ...params, awaits: true },
        calls: [refOf(backend.service)],
        spoils: [refOf(backend.service)],
      };
    default:
      return undefined;
  }
}
