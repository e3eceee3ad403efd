import { matchesLabels } from '../../../core/selectors.ts';
import { isReady } from './conditions.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import { ownerOf } from './owners.ts';
import { specOf } from './pod-spec.ts';

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
}

/** Keeps the EndpointSlice of a Service: one address for each placed pod it selects. A Service without a selector has none of ours. */
export function keepEndpoints(service: RawObject, table: ObjectTable): void {
  const { namespace = '', name } = service.metadata;
  const { selector = {}, ports = [] } = (service.spec ?? {}) as { selector?: Record<string, string>; ports?: ServicePort[] };
  if (Object.keys(selector).length === 0) return;
  const pods = table
    .of('Pod', namespace)
    .filter((p) => matchesLabels(selector, p.metadata.labels ?? {}) && typeof p.status?.['podIP'] === 'string');
  table.put({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name }, ownerReferences: [ownerOf(service)] },
    addressType: 'IPv4',
    endpoints: pods.map((p) => ({
      addresses: [String(p.status?.['podIP'])],
      conditions: { ready: isReady(p), serving: isReady(p), terminating: false },
      nodeName: specOf(p).nodeName,
      targetRef: { kind: 'Pod', namespace, name: p.metadata.name, uid: p.metadata.uid },
    })),
    ports: ports.flatMap((p) => {
      const port = portOf(p, pods);
      return port === undefined ? [] : [{ name: p.name ?? '', port, protocol: p.protocol ?? 'TCP' }];
    }),
  });
}

/** A named port is what the pods call so; without such a name there is none. */
function portOf({ port, targetPort }: ServicePort, pods: readonly RawObject[]): number | undefined {
  if (typeof targetPort !== 'string') return targetPort ?? port;
  return pods
    .flatMap((p) => specOf(p).containers)
    .flatMap((c) => c.ports ?? [])
    .find((p) => p.name === targetPort)?.containerPort;
}
