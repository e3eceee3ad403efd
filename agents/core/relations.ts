import { type Kind, type KubeObject, type Relation, type ResourceRef, refKey, refOf } from '../contract/index.ts';
import { calledServices, serviceOf, servicesByName } from './called-hosts.ts';
import { matchesLabels } from './selectors.ts';
import type { View } from './view.ts';
import { type Workload, type WorkloadKind, workloads } from './workloads.ts';

/** Bounds the neighbourhood that travels with a report. */
const MOST = 4_000;

const ref = (kind: string, apiVersion: string, namespace: string | undefined, name: string): ResourceRef => ({
  apiVersion,
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
});

/** ConfigMaps, Secrets, claims and the account a workload's pods name, whether or not these exist. */
export function references(w: Pick<Workload, 'template' | 'namespace'>): ResourceRef[] {
  const { spec } = w.template;
  const v1 = (kind: string, name: string | undefined) => (name === undefined || name === '' ? [] : [ref(kind, 'v1', w.namespace, name)]);
  const volumes = spec.volumes.flatMap((v) => [
    ...v1('ConfigMap', v.configMap?.name),
    ...v1('Secret', v.secret?.secretName),
    ...v1('PersistentVolumeClaim', v.persistentVolumeClaim?.claimName),
    ...(v.projected?.sources ?? []).flatMap((s) => [...v1('ConfigMap', s.configMap?.name), ...v1('Secret', s.secret?.name)]),
  ]);
  const env = [...spec.containers, ...spec.initContainers].flatMap((c) => [
    ...c.envFrom.flatMap((e) => [...v1('ConfigMap', e.configMapRef?.name), ...v1('Secret', e.secretRef?.name)]),
    ...c.env.flatMap((e) => [...v1('ConfigMap', e.valueFrom?.configMapKeyRef?.name), ...v1('Secret', e.valueFrom?.secretKeyRef?.name)]),
  ]);
  return [
    ...volumes,
    ...env,
    ...v1('ServiceAccount', spec.serviceAccountName),
    ...spec.imagePullSecrets.flatMap((s) => v1('Secret', s.name)),
  ];
}

/** The Services that the ConfigMaps of a workload name as addresses. */
function calledByConfig(view: View, w: Workload, services: ReadonlyMap<string, KubeObject<'Service'>>): ResourceRef[] {
  return references(w).flatMap(({ kind, name }) => {
    const config = kind === 'ConfigMap' ? view.get('ConfigMap', w.namespace, name) : undefined;
    return (config?.data ?? []).flatMap(({ hosts }) =>
      hosts.flatMap((host) => {
        const service = serviceOf(host, w.namespace, services);
        return service === undefined ? [] : [refOf(service)];
      }),
    );
  });
}

/** Collects edges, each once, up to the bound. */
class Edges {
  readonly #all = new Map<string, Relation>();

  add(from: ResourceRef, type: Relation['type'], to: ResourceRef): void {
    if (this.#all.size < MOST) this.#all.set(`${refKey(from)}|${type}|${refKey(to)}`, { from, type, to });
  }

  all(): Relation[] {
    return [...this.#all.values()];
  }
}

/**
 * The edges between the given objects and what is around them: owners, mounted and referenced objects, Services that select or are
 * called, nodes, bound volumes, Ingresses and autoscalers. Read from whatever of these kinds the agent sees. Pods come last, and only
 * those that are meant or belong to a workload that is, so that a big namespace does not push out what connects workloads.
 */
export function relationsAround(view: View, refs: readonly ResourceRef[]): Relation[] {
  if (refs.length === 0) return [];
  const edges = new Edges();
  const wanted = new Set(refs.map(refKey));
  const namespaces = new Set(refs.map((r) => r.namespace));
  const services = servicesByName(view);
  const nodeOf = (nodeName: string | undefined) =>
    nodeName !== undefined && wanted.has(`Node/${nodeName}`) ? ref('Node', 'v1', undefined, nodeName) : undefined;
  const near: Workload[] = [];
  for (const w of workloads(view as View<WorkloadKind>)) {
    const called = [...calledServices(w.template.spec, w.namespace, services), ...calledByConfig(view, w, services)];
    const isNear =
      namespaces.has(w.namespace) ||
      called.some((c) => namespaces.has(c.namespace)) ||
      w.pods.some((p) => nodeOf(p.spec.nodeName) !== undefined);
    if (!isNear) continue;
    near.push(w);
    for (const to of called) edges.add(w.ref, 'calls', to);
    for (const to of references(w))
      if (wanted.has(refKey(to)) || wanted.has(refKey(w.ref)))
        edges.add(w.ref, to.kind === 'PersistentVolumeClaim' ? 'mounts' : 'references', to);
    for (const service of view.list('Service', w.namespace)) {
      const { selector } = service.spec;
      if (Object.keys(selector).length > 0 && matchesLabels(selector, w.template.metadata.labels))
        edges.add(refOf(service), 'selects', w.ref);
    }
  }
  fromObjects(view, edges, wanted, namespaces);
  for (const w of near) {
    const meant = wanted.has(refKey(w.ref));
    for (const rs of w.replicaSets) if (meant || wanted.has(refKey(refOf(rs)))) edges.add(refOf(rs), 'ownedBy', w.ref);
    for (const pod of w.pods) {
      const podRef = refOf(pod);
      const node = nodeOf(pod.spec.nodeName);
      if (!meant && node === undefined && !wanted.has(refKey(podRef))) continue;
      if (w.object.kind !== 'Pod') edges.add(podRef, 'ownedBy', w.ref);
      if (node !== undefined) edges.add(podRef, 'scheduledOn', node);
    }
  }
  return edges.all();
}

/** Edges of objects that are no workloads. */
function fromObjects(view: View, edges: Edges, wanted: ReadonlySet<string>, namespaces: ReadonlySet<string | undefined>): void {
  for (const claim of view.list('PersistentVolumeClaim')) {
    const { volumeName } = claim.spec;
    if (volumeName === undefined || volumeName === '') continue;
    const volume = ref('PersistentVolume', 'v1', undefined, volumeName);
    if (wanted.has(refKey(refOf(claim))) || wanted.has(refKey(volume))) edges.add(refOf(claim), 'boundTo', volume);
  }
  for (const ingress of view.list('Ingress')) {
    const { namespace } = ingress.metadata;
    if (!namespaces.has(namespace)) continue;
    const { defaultBackend, rules, tls } = ingress.spec;
    const backends = [defaultBackend, ...rules.flatMap((r) => (r.http?.paths ?? []).map((p) => p.backend))];
    for (const backend of backends)
      if (backend?.service !== undefined) edges.add(refOf(ingress), 'calls', ref('Service', 'v1', namespace, backend.service.name));
    for (const { secretName } of tls)
      if (secretName !== undefined) edges.add(refOf(ingress), 'references', ref('Secret', 'v1', namespace, secretName));
  }
  const at = (kind: Kind | 'Service', apiVersion: string, service: { namespace: string; name: string } | null | undefined) =>
    service == null ? [] : [ref(kind, apiVersion, service.namespace, service.name)];
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const)
    for (const config of view.list(kind))
      for (const { clientConfig } of config.webhooks)
        for (const service of at('Service', 'v1', clientConfig.service)) edges.add(refOf(config), 'calls', service);
  for (const api of view.list('APIService'))
    for (const service of at('Service', 'v1', api.spec.service)) edges.add(refOf(api), 'calls', service);
  for (const set of view.list('StatefulSet'))
    if (namespaces.has(set.metadata.namespace) && (set.spec.serviceName ?? '') !== '')
      edges.add(refOf(set), 'references', ref('Service', 'v1', set.metadata.namespace, set.spec.serviceName ?? ''));
  for (const route of view.list('HTTPRoute')) {
    const { namespace } = route.metadata;
    if (!namespaces.has(namespace)) continue;
    for (const { kind, name, namespace: other } of route.spec.rules.flatMap((r) => r.backendRefs))
      if ((kind ?? 'Service') === 'Service') edges.add(refOf(route), 'calls', ref('Service', 'v1', other ?? namespace, name));
    for (const { kind, name, namespace: other } of route.spec.parentRefs)
      if ((kind ?? 'Gateway') === 'Gateway')
        edges.add(refOf(route), 'references', ref('Gateway', 'gateway.networking.k8s.io/v1', other ?? namespace, name));
  }
  for (const gateway of view.list('Gateway'))
    if (namespaces.has(gateway.metadata.namespace))
      edges.add(
        refOf(gateway),
        'references',
        ref('GatewayClass', 'gateway.networking.k8s.io/v1', undefined, gateway.spec.gatewayClassName),
      );
  for (const hpa of view.list('HorizontalPodAutoscaler')) {
    const { kind, name, apiVersion } = hpa.spec.scaleTargetRef;
    if (namespaces.has(hpa.metadata.namespace))
      edges.add(refOf(hpa), 'references', ref(kind, apiVersion ?? 'apps/v1', hpa.metadata.namespace, name));
  }
}
