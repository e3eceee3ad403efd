import type { Container, Kind, KubeObject } from '../../contract/index.ts';
import { matchesLabels } from '../../core/selectors.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../core/workloads.ts';
import { isSidecar } from './pod-requests.ts';

/** Services, the workloads they select, and the ports those open. */

export const SERVICE_KINDS = [...WORKLOAD_KINDS, 'Service'] as const satisfies readonly Kind[];
export type ServiceKind = (typeof SERVICE_KINDS)[number];
export type Service = KubeObject<'Service'>;
type Labels = Readonly<Record<string, string>>;

/** Services whose endpoints follow from a selector. */
export function selecting(view: View<'Service'>): readonly Service[] {
  return view
    .list('Service')
    .filter((s) => s.spec.type !== 'ExternalName' && Object.keys(s.spec.selector).length > 0 && s.metadata.deletionTimestamp == null);
}

/** A pod that is, or may become, an endpoint. */
export function mayServe(pod: KubeObject<'Pod'>): boolean {
  return pod.metadata.deletionTimestamp == null && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}

/** Labels the pods of a workload carry; a StatefulSet adds some by itself, which a selector may use too. */
export function podLabels(w: Workload): Labels {
  return w.template.metadata.labels;
}

const cache = new WeakMap<object, Map<Service, readonly Workload[]>>();

/** Workloads whose template, or any of whose pods, the selector matches. Computed once per view: four checks ask. */
export function selected(view: View<ServiceKind>, service: Service): readonly Workload[] {
  let known = cache.get(view);
  if (known === undefined) cache.set(view, (known = new Map()));
  let found = known.get(service);
  if (found === undefined) {
    const { selector } = service.spec;
    found = workloads(view, service.metadata.namespace ?? '').filter(
      (w) => matchesLabels(selector, podLabels(w)) || w.pods.some((p) => mayServe(p) && matchesLabels(selector, p.metadata.labels)),
    );
    known.set(service, found);
  }
  return found;
}

/** Containers that run while the pod serves: the main ones and the native sidecars. */
export function serving(w: Workload): readonly Container[] {
  return [...w.template.spec.containers, ...w.template.spec.initContainers.filter(isSidecar)];
}

export interface OpenPort {
  readonly container: string;
  readonly name: string | undefined;
  readonly number: number;
  readonly protocol: string;
}

/** The ports the containers declare. A declaration opens nothing, but says what its author meant. */
export function declaredPorts(w: Workload): readonly OpenPort[] {
  return serving(w).flatMap((c) =>
    c.ports.map((p) => ({ container: c.name, name: p.name, number: p.containerPort, protocol: p.protocol ?? 'TCP' })),
  );
}

/** Ports of HTTP, TCP and gRPC probes, by number. On a ready pod its readiness port has answered: that is proof. */
export function probedPorts(w: Workload): readonly number[] {
  const found = serving(w).flatMap((c) =>
    [c.readinessProbe, c.startupProbe, c.livenessProbe].flatMap((probe) => {
      const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
      if (port === undefined) return [];
      return typeof port === 'number' ? port : (c.ports.find((p) => p.name === port)?.containerPort ?? []);
    }),
  );
  return [...new Set(found)];
}

export function readyPods(w: Workload): readonly KubeObject<'Pod'>[] {
  return w.currentPods.filter((p) => mayServe(p) && p.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True'));
}
