import { type Kind, type KubeObject, type PodTemplate, type ResourceRef, objectKey, refOf } from '../contract/index.ts';
import type { View } from './view.ts';

/** The kinds a check must declare to use this module. */
export const WORKLOAD_KINDS = [
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
] as const satisfies readonly Kind[];
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** What a person edits, and the pods that follow from it. A bare pod, or one owned by something unknown, is its own workload. */
export interface Workload {
  readonly object: KubeObject<WorkloadKind>;
  readonly ref: ResourceRef;
  readonly namespace: string;
  readonly name: string;
  readonly template: PodTemplate;
  /** Path of the pod spec inside `object`: `spec.template.spec`, `spec.jobTemplate.spec.template.spec`, or `spec` for a pod. */
  readonly specPath: string;
  /** All pods that exist because of it, by name. */
  readonly pods: readonly KubeObject<'Pod'>[];
  /** Those made from the template as it is now; the others are leftovers of earlier revisions. */
  readonly currentPods: readonly KubeObject<'Pod'>[];
  /** Of a Deployment: its ReplicaSets, newest revision first. */
  readonly replicaSets: readonly KubeObject<'ReplicaSet'>[];
  /** Replicas wanted; for a Job or CronJob 1. */
  readonly desired: number;
}

const REVISION = 'deployment.kubernetes.io/revision';

export function revisionOf(object: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } }): number {
  const revision = Number(object.metadata.annotations[REVISION] ?? 0);
  return Number.isFinite(revision) ? revision : 0;
}

type Owned = Pick<KubeObject, 'metadata'>;
const controllerOf = (object: Owned) =>
  object.metadata.ownerReferences.find((o) => o.controller === true) ?? object.metadata.ownerReferences[0];

/** Pod, ReplicaSet or Job, Deployment or CronJob: real chains are shorter; owners that own each other must not keep us. */
const MOST_OWNERS = 6;

/** Its owner has been deleted and it goes the same way in a moment; nobody edits it, and nothing is to be said about it. */
function isLeftBehind(view: View<WorkloadKind>, pod: KubeObject<'Pod'>): boolean {
  const owner = pod.metadata.ownerReferences.find((o) => o.controller === true);
  if (owner?.kind !== 'Job' && owner?.kind !== 'ReplicaSet') return false;
  return view.complete(owner.kind, pod.metadata.namespace) && view.get(owner.kind, pod.metadata.namespace, owner.name) === undefined;
}

/** The object at the top of the owner chain of a pod, ReplicaSet or Job that a person edits; itself where nothing owns it. */
export function topOwner(view: View<WorkloadKind>, object: KubeObject<WorkloadKind>): KubeObject<WorkloadKind> {
  let top = object;
  for (let step = 0; step < MOST_OWNERS; step++) {
    const owner = controllerOf(top);
    if (owner === undefined || !(WORKLOAD_KINDS as readonly string[]).includes(owner.kind)) return top;
    const parent = view.get(owner.kind as WorkloadKind, top.metadata.namespace, owner.name);
    if (parent === undefined || (parent.metadata.uid !== '' && parent.metadata.uid !== owner.uid)) return top;
    top = parent;
  }
  return top;
}

const templates = {
  Pod: (o: KubeObject<'Pod'>) => ({
    template: { metadata: { labels: o.metadata.labels, annotations: o.metadata.annotations }, spec: o.spec },
    specPath: 'spec',
  }),
  ReplicaSet: (o: KubeObject<'ReplicaSet'>) => ({ template: o.spec.template, specPath: 'spec.template.spec' }),
  Deployment: (o: KubeObject<'Deployment'>) => ({ template: o.spec.template, specPath: 'spec.template.spec' }),
  StatefulSet: (o: KubeObject<'StatefulSet'>) => ({ template: o.spec.template, specPath: 'spec.template.spec' }),
  DaemonSet: (o: KubeObject<'DaemonSet'>) => ({ template: o.spec.template, specPath: 'spec.template.spec' }),
  Job: (o: KubeObject<'Job'>) => ({ template: o.spec.template, specPath: 'spec.template.spec' }),
  CronJob: (o: KubeObject<'CronJob'>) => ({ template: o.spec.jobTemplate.spec.template, specPath: 'spec.jobTemplate.spec.template.spec' }),
} as const;

function templateOf(object: KubeObject<WorkloadKind>): { template: PodTemplate | undefined; specPath: string } {
  return (templates[object.kind] as (o: KubeObject<WorkloadKind>) => { template: PodTemplate | undefined; specPath: string })(object);
}

function desiredOf(object: KubeObject<WorkloadKind>, pods: number): number {
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return object.spec.replicas ?? 1;
    case 'DaemonSet':
      return object.status.desiredNumberScheduled ?? pods;
    default:
      return 1;
  }
}

interface Known {
  readonly all: readonly Workload[];
  readonly byNamespace: ReadonlyMap<string, readonly Workload[]>;
  readonly byKey: ReadonlyMap<string, Workload>;
}
const cache = new WeakMap<object, Known>();
const keyOf = (o: KubeObject<WorkloadKind>) => `${o.kind}/${objectKey(o.metadata)}`;

/**
 * All workloads of a cluster, or of one namespace, with their pods, by kind and name. Controllers with no pod are included (a quota
 * may refuse them all); ReplicaSets and Jobs that something owns are not: their owner is. Computed once per view.
 */
export function workloads(view: View<WorkloadKind>, namespace?: string): readonly Workload[] {
  return namespace === undefined ? known(view).all : (known(view).byNamespace.get(namespace) ?? []);
}

/** The workload of this kind and name; undefined where there is none, or it is no more than a part of another. */
export function workloadAt(view: View<WorkloadKind>, { kind, namespace, name }: Omit<ResourceRef, 'apiVersion'>): Workload | undefined {
  return known(view).byKey.get(`${kind}/${objectKey({ namespace, name })}`);
}

/** The workload a pod belongs to. */
export function workloadOf(view: View<WorkloadKind>, pod: KubeObject<'Pod'>): Workload | undefined {
  return known(view).byKey.get(keyOf(topOwner(view, pod)));
}

function known(view: View<WorkloadKind>): Known {
  let found = cache.get(view);
  if (found === undefined) {
    const all = compute(view);
    const byNamespace = new Map<string, Workload[]>();
    for (const w of all) {
      const there = byNamespace.get(w.namespace);
      if (there === undefined) byNamespace.set(w.namespace, [w]);
      else there.push(w);
    }
    cache.set(view, (found = { all, byNamespace, byKey: new Map(all.map((w) => [keyOf(w.object), w])) }));
  }
  return found;
}

function compute(view: View<WorkloadKind>): readonly Workload[] {
  const tops = new Map<string, { object: KubeObject<WorkloadKind>; pods: KubeObject<'Pod'>[]; replicaSets: KubeObject<'ReplicaSet'>[] }>();
  const entry = (object: KubeObject<WorkloadKind>) => {
    const top = topOwner(view, object);
    const key = keyOf(top);
    let e = tops.get(key);
    if (e === undefined) tops.set(key, (e = { object: top, pods: [], replicaSets: [] }));
    return e;
  };
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'] as const)
    for (const object of view.list(kind)) entry(object);
  for (const rs of view.list('ReplicaSet')) entry(rs).replicaSets.push(rs);
  for (const pod of view.list('Pod')) if (!isLeftBehind(view, pod)) entry(pod).pods.push(pod);
  const result: Workload[] = [];
  for (const { object, pods, replicaSets } of tops.values()) {
    const { template, specPath } = templateOf(object);
    if (template === undefined) continue;
    replicaSets.sort((a, b) => revisionOf(b) - revisionOf(a));
    result.push({
      object,
      ref: refOf(object),
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      template,
      specPath,
      pods,
      currentPods: currentPods(object, pods, replicaSets),
      replicaSets: object.kind === 'Deployment' ? replicaSets : [],
      desired: desiredOf(object, pods.length),
    });
  }
  return result.sort((a, b) => (keyOf(a.object) < keyOf(b.object) ? -1 : 1));
}

function currentPods(
  object: KubeObject<WorkloadKind>,
  pods: readonly KubeObject<'Pod'>[],
  replicaSets: readonly KubeObject<'ReplicaSet'>[],
): readonly KubeObject<'Pod'>[] {
  if (object.kind === 'Deployment') {
    const current = currentReplicaSet(object, replicaSets);
    if (current === 'not yet') return [];
    return current === undefined ? pods : pods.filter((p) => controllerOf(p)?.name === current.metadata.name);
  }
  if (object.kind === 'StatefulSet' && object.status.updateRevision !== undefined) {
    const revision = object.status.updateRevision;
    return pods.filter((p) => (p.metadata.labels['controller-revision-hash'] ?? revision) === revision);
  }
  if (object.kind === 'DaemonSet') return updatedPods(object, pods);
  return pods;
}

/**
 * The pods of a DaemonSet made from its template as it is now. Its status only counts them; while it counts fewer than there should be
 * they are told by their images. Where none has the images of the template (a registry of one's own put in by a webhook) nothing is known.
 */
function updatedPods({ spec, status }: KubeObject<'DaemonSet'>, pods: readonly KubeObject<'Pod'>[]): readonly KubeObject<'Pod'>[] {
  const { updatedNumberScheduled: updated, desiredNumberScheduled: desired } = status;
  if (updated == null || desired == null || updated >= desired) return pods;
  const wanted = new Map(spec.template.spec.containers.map((c) => [c.name, c.image]));
  const same = pods.filter((p) => p.spec.containers.every((c) => !wanted.has(c.name) || wanted.get(c.name) === c.image));
  return same.length === updated ? same : pods;
}

/**
 * The ReplicaSet made from the template as it is now. Between a change of the template and the controller's answer there is none: the
 * pods there are were made from another template, and judging them by this one would find faults that nobody has.
 */
function currentReplicaSet(
  { spec, status }: KubeObject<'Deployment'>,
  replicaSets: readonly KubeObject<'ReplicaSet'>[],
): KubeObject<'ReplicaSet'> | undefined | 'not yet' {
  const [newest] = replicaSets;
  if (newest?.spec.template === undefined || status.observedGeneration === undefined || spec.paused === true) return newest;
  const wanted = JSON.stringify(spec.template.spec);
  return replicaSets.find((rs) => JSON.stringify(rs.spec.template?.spec) === wanted) ?? 'not yet';
}
