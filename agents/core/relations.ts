import { type Kind, type KubeObject, type Relation, type ResourceRef, isKind, refKey, refOf } from '../contract/index.ts';
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

/** ConfigMaps, Secrets, claims and the account a pod spec names. */
function references(w: Workload): ResourceRef[] {
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

/** Services a workload calls by DNS name in an environment value: `name`, `name.ns`, `name.ns.svc…`, with scheme and port. */
function calls(w: Workload, services: ReadonlyMap<string, KubeObject<'Service'>>): ResourceRef[] {
  const found = new Map<string, ResourceRef>();
  for (const env of [...w.template.spec.containers, ...w.template.spec.initContainers].flatMap((c) => c.env)) {
    for (const [host] of (env.value ?? '').matchAll(/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/g)) {
      const [name, namespace] = host.split('.');
      const service = services.get(`${namespace ?? w.namespace}/${name ?? ''}`) ?? services.get(`${w.namespace}/${host}`);
      if (service !== undefined) found.set(refKey(refOf(service)), refOf(service));
    }
  }
  return [...found.values()];
}

/**
 * The edges between the given objects and what is around them: owners, mounted and referenced objects, Services that select or are
 * called, nodes, bound volumes. Read from whatever of these kinds the agent sees.
 */
export function relationsAround(view: View, refs: readonly ResourceRef[]): Relation[] {
  const namespaces = new Set(refs.map((r) => r.namespace));
  const relations: Relation[] = [];
  const add = (from: ResourceRef, type: Relation['type'], to: ResourceRef) => {
    if (relations.length < MOST) relations.push({ from, type, to });
  };
  const services = new Map(view.list('Service').map((s) => [`${s.metadata.namespace ?? ''}/${s.metadata.name}`, s]));
  const wanted = new Set(refs.map(refKey));
  for (const w of workloads(view as View<WorkloadKind>)) {
    const called = calls(w, services);
    const near = namespaces.has(w.namespace) || called.some((c) => namespaces.has(c.namespace));
    if (!near) continue;
    for (const to of called) add(w.ref, 'calls', to);
    for (const to of references(w)) add(w.ref, to.kind === 'PersistentVolumeClaim' ? 'mounts' : 'references', to);
    for (const pod of w.pods) {
      const podRef = refOf(pod);
      if (w.object.kind !== 'Pod') add(podRef, 'ownedBy', w.ref);
      if (pod.spec.nodeName !== undefined && wanted.has(`Node/${pod.spec.nodeName}`))
        add(podRef, 'scheduledOn', ref('Node', 'v1', undefined, pod.spec.nodeName));
    }
    for (const rs of w.replicaSets) add(refOf(rs), 'ownedBy', w.ref);
    for (const service of view.list('Service', w.namespace)) {
      const { selector } = service.spec;
      if (Object.keys(selector).length > 0 && matchesLabels(selector, w.template.metadata.labels)) add(refOf(service), 'selects', w.ref);
    }
  }
  for (const claim of view.list('PersistentVolumeClaim'))
    if (claim.spec.volumeName !== undefined && wanted.has(refKey(refOf(claim))))
      add(refOf(claim), 'boundTo', ref('PersistentVolume', 'v1', undefined, claim.spec.volumeName));
  for (const ingress of view.list('Ingress'))
    for (const rule of ingress.spec.rules)
      for (const path of rule.http?.paths ?? [])
        if (path.backend.service !== undefined && namespaces.has(ingress.metadata.namespace))
          add(refOf(ingress), 'references', ref('Service', 'v1', ingress.metadata.namespace, path.backend.service.name));
  return relations;
}

/** True for a kind this product projects; others cannot be looked up in a view. */
export function readable(reference: ResourceRef): reference is ResourceRef & { kind: Kind } {
  return isKind(reference.kind);
}
