import type { KubeObject } from '../../../../contract/index.ts';
import { matchesLabels } from '../../../../core/selectors.ts';
import { isReady } from '../../../../core/unexplained.ts';
import { type World, all, ownerReference, suffix } from './world.ts';

type Pod = KubeObject<'Pod'>;
type Port = KubeObject<'Service'>['spec']['ports'][number];

/** Keeps one EndpointSlice for each Service with a selector. */
export function services(world: World): void {
  for (const service of all(world, 'Service')) {
    const { selector, ports } = service.spec;
    if (Object.keys(selector).length === 0 || service.spec.type === 'ExternalName') continue;
    const { namespace, name, uid } = service.metadata;
    const pods = all(world, 'Pod', namespace).filter(
      (p) => p.status.podIP !== undefined && matchesLabels(selector, p.metadata.labels) && p.status.phase === 'Running',
    );
    const slice = `${name}-${suffix(uid)}`;
    const before = world.table.get('endpointslices', namespace, slice);
    world.table.put({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: slice,
        ...(namespace === undefined ? {} : { namespace }),
        creationTimestamp: before?.metadata.creationTimestamp ?? world.time.stamp(),
        labels: { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
        ownerReferences: [ownerReference(service, 'v1')],
      },
      addressType: 'IPv4',
      endpoints: pods.map((pod) => ({
        addresses: [pod.status.podIP],
        conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
        nodeName: pod.spec.nodeName,
        targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
      })),
      ports: ports.flatMap((port) => {
        const number = portOf(port, pods);
        return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }];
      }),
    });
  }
}

/** A named port is what the pods call so; without such a name there is none. */
function portOf({ port, targetPort }: Port, pods: readonly Pod[]): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  if (targetPort === undefined) return port;
  return pods.flatMap((p) => p.spec.containers.flatMap((c) => c.ports)).find((p) => p.name === targetPort)?.containerPort;
}
