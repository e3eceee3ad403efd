import { KINDS, type KubeObject, type ResourceRef, isKind, refKey, refWords } from '../contract/index.ts';
import { references } from './relations.ts';
import { matchesLabels } from './selectors.ts';
import { isReady } from './unexplained.ts';
import type { View } from './view.ts';
import { type WorkloadKind, workloadOf, workloads } from './workloads.ts';

/** Why an object is not positively well. `settling`: a controller has not yet acted on what was written. */
export interface Unwell {
  readonly because: string;
  readonly settling: boolean;
}

type Answer = Unwell | undefined;
type Judge<K extends KubeObject['kind']> = (object: KubeObject<K>, words: string, view: View) => Answer;

const unwell = (because: string): Unwell => ({ because, settling: false });
const settling = (because: string): Unwell => ({ because, settling: true });

/** The controller has answered the last write: its status is about what the spec says now. */
function notSeen(object: {
  readonly metadata: { readonly generation?: number | undefined };
  readonly status: { readonly observedGeneration?: number | undefined };
}): boolean {
  return (object.status.observedGeneration ?? 0) < (object.metadata.generation ?? 0);
}

const deployment: Judge<'Deployment'> = (object, words) => {
  const { status: s, spec } = object;
  const wanted = spec.replicas ?? 1;
  if (notSeen(object)) return settling(`${words}: the controller has not seen the change yet`);
  if ((s.updatedReplicas ?? 0) < wanted) return unwell(`${words}: ${s.updatedReplicas ?? 0} of ${wanted} replicas are of the new revision`);
  if ((s.replicas ?? 0) > wanted) return unwell(`${words}: pods of the old revision are still there`);
  if ((s.availableReplicas ?? 0) < wanted) return unwell(`${words}: ${s.availableReplicas ?? 0} of ${wanted} replicas are available`);
  return undefined;
};

const statefulSet: Judge<'StatefulSet'> = (object, words) => {
  const { status: s, spec } = object;
  const wanted = spec.replicas ?? 1;
  if (notSeen(object)) return settling(`${words}: the controller has not seen the change yet`);
  if (s.updateRevision !== undefined && s.currentRevision !== s.updateRevision && (s.updatedReplicas ?? 0) < wanted)
    return unwell(`${words}: ${s.updatedReplicas ?? 0} of ${wanted} replicas are of the new revision`);
  if ((s.replicas ?? 0) > wanted) return unwell(`${words}: ${s.replicas ?? 0} pods are there, ${wanted} are wanted`);
  if ((s.readyReplicas ?? 0) < wanted) return unwell(`${words}: ${s.readyReplicas ?? 0} of ${wanted} replicas are ready`);
  return undefined;
};

const replicaSet: Judge<'ReplicaSet'> = (object, words) => {
  const wanted = object.spec.replicas ?? 1;
  if (notSeen(object)) return settling(`${words}: the controller has not seen the change yet`);
  const ready = object.status.readyReplicas ?? 0;
  return ready < wanted ? unwell(`${words}: ${ready} of ${wanted} replicas are ready`) : undefined;
};

const daemonSet: Judge<'DaemonSet'> = (object, words) => {
  const s = object.status;
  const wanted = s.desiredNumberScheduled ?? 0;
  if (notSeen(object)) return settling(`${words}: the controller has not seen the change yet`);
  if ((s.updatedNumberScheduled ?? 0) < wanted) return unwell(`${words}: ${s.updatedNumberScheduled ?? 0} of ${wanted} pods are updated`);
  if ((s.numberAvailable ?? 0) < wanted) return unwell(`${words}: ${s.numberAvailable ?? 0} of ${wanted} pods are available`);
  return undefined;
};

const pod: Judge<'Pod'> = (object, words) => {
  if ((object.metadata.deletionTimestamp ?? null) !== null) return unwell(`${words} is terminating`);
  return isReady(object) || object.status.phase === 'Succeeded' ? undefined : unwell(`${words} is not ready`);
};

const service: Judge<'Service'> = (object, words, view) => {
  const { selector, type } = object.spec;
  if (type === 'ExternalName') return undefined;
  const { namespace, name } = object.metadata;
  const slices = view.list('EndpointSlice', namespace).filter((s) => s.metadata.labels['kubernetes.io/service-name'] === name);
  const served = slices.some((s) => s.endpoints.some((e) => e.conditions.ready !== false && e.addresses.length > 0));
  const selects = Object.keys(selector).length > 0;
  const ready = view.list('Pod', namespace).some((p) => selects && matchesLabels(selector, p.metadata.labels) && isReady(p));
  const well = selects ? ready && (served || slices.length === 0) : served;
  return well ? undefined : unwell(`${words} has no ready endpoint`);
};

const claim: Judge<'PersistentVolumeClaim'> = (object, words) =>
  object.status.phase === 'Bound' ? undefined : unwell(`${words} is ${object.status.phase ?? 'not bound'}`);

const node: Judge<'Node'> = (object, words) =>
  object.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True') ? undefined : unwell(`${words} is not Ready`);

const judges: { readonly [K in KubeObject['kind']]?: Judge<K> } = {
  Deployment: deployment,
  StatefulSet: statefulSet,
  ReplicaSet: replicaSet,
  DaemonSet: daemonSet,
  Pod: pod,
  Service: service,
  PersistentVolumeClaim: claim,
  Node: node,
};

/** Why an object is not positively well, or undefined when it is, or when its kind has nothing to be judged by but that it is there. */
export function unwellBecause(ref: ResourceRef, view: View): Unwell | undefined {
  if (!isKind(ref.kind)) return undefined;
  const words = refWords(ref);
  const object: KubeObject | undefined = view.get(ref.kind, ref.namespace, ref.name);
  if (object === undefined)
    return view.complete(ref.kind, ref.namespace)
      ? unwell(`${words} is not there`)
      : unwell(`${words} cannot be judged: ${KINDS[ref.kind].resource} cannot be read`);
  return (judges[object.kind] as Judge<typeof object.kind> | undefined)?.(object as never, words, view);
}

/** Workloads that name the object (a ConfigMap, Secret, claim or account) and are not well; bare pods and what has ended left out. */
export function dependents(object: ResourceRef, view: View): { readonly ref: ResourceRef; readonly unwell: Unwell }[] {
  if (!['ConfigMap', 'Secret', 'PersistentVolumeClaim', 'ServiceAccount'].includes(object.kind)) return [];
  return workloads(view as View<WorkloadKind>, object.namespace)
    .filter((w) => w.object.kind !== 'Pod' && references(w).some((r) => refKey(r) === refKey(object)))
    .flatMap((w) => {
      const because = unwellBecause(w.ref, view);
      return because === undefined ? [] : [{ ref: w.ref, unwell: because }];
    });
}

/** What keeps an object up beside itself: behind a Service the workloads of the pods it selects. */
export function standsOn(ref: ResourceRef, view: View): readonly ResourceRef[] {
  const service = ref.kind === 'Service' ? view.get('Service', ref.namespace, ref.name) : undefined;
  const selector = service?.spec.selector ?? {};
  if (Object.keys(selector).length === 0) return [];
  const behind = view
    .list('Pod', ref.namespace)
    .filter((p) => matchesLabels(selector, p.metadata.labels))
    .flatMap((p) => workloadOf(view as View<WorkloadKind>, p)?.ref ?? []);
  return [...new Map(behind.map((r) => [refKey(r), r])).values()];
}
