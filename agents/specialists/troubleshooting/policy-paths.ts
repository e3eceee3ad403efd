import type { Kind, KubeObject } from '../../contract/index.ts';
import type { Denied, Peer, Port } from '../../core/network-policy.ts';
import { deniedBetween } from '../../core/network-policy.ts';
import type { View } from '../../core/view.ts';
import type { Workload } from '../../core/workloads.ts';
import { SERVICE_KINDS, type Service, declaredPorts, selected } from './service-pods.ts';

/** The way from a workload to a Service, and the NetworkPolicies on it. */

export const PATH_KINDS = [...SERVICE_KINDS, 'NetworkPolicy', 'Namespace'] as const satisfies readonly Kind[];
type PathView = View<(typeof PATH_KINDS)[number]>;

/** What a NetworkPolicy sees of the pods of a workload. */
export function peerOf(view: View<'Namespace'>, w: Workload): Peer {
  return {
    namespace: w.namespace,
    namespaceLabels: view.get('Namespace', undefined, w.namespace)?.metadata.labels ?? {},
    labels: w.currentPods[0]?.metadata.labels ?? w.template.metadata.labels,
    ip: w.currentPods[0]?.status.podIP,
  };
}

export interface Blocked extends Denied {
  readonly service: Service;
  readonly to: Workload;
  readonly port: Port;
}

/** The ports of the pods to which a port of a Service leads; all of them where none is named. */
function portsOf(service: Service, to: Workload, number: number | undefined): readonly Port[] {
  const declared = declaredPorts(to);
  return service.spec.ports
    .filter((p) => number === undefined || p.port === number)
    .flatMap((p): Port[] => {
      const protocol = p.protocol ?? 'TCP';
      const target = p.targetPort ?? p.port;
      const open = typeof target === 'number' ? target : declared.find((d) => d.name === target && d.protocol === protocol)?.number;
      if (open === undefined) return [];
      return [{ protocol, number: open, names: declared.flatMap((d) => (d.number === open && d.name !== undefined ? [d.name] : [])) }];
    });
}

/** What denies the way from a workload to a Service; undefined where it is open, or nothing stands behind the Service. */
export function blockedTo(view: PathView, from: Workload, service: Service, number: number | undefined): Blocked | undefined {
  if (from.template.spec.hostNetwork === true) return undefined;
  for (const to of selected(view, service))
    for (const port of portsOf(service, to, number)) {
      const denied = deniedBetween(view.list('NetworkPolicy'), peerOf(view, from), peerOf(view, to), port);
      if (denied !== undefined) return { ...denied, service, to, port };
    }
  return undefined;
}

/** The Services that answer questions for names: port 53 on UDP in the namespace of the system. */
export function nameServices(view: View<'Service'>): readonly KubeObject<'Service'>[] {
  return view.list('Service', 'kube-system').filter((s) => s.spec.ports.some((p) => p.port === 53 && p.protocol === 'UDP'));
}
