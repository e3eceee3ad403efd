import { type Kind, type KubeObject, type ResourceRef, refOf } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';
import { type Workload, WORKLOAD_KINDS, workloadAt, workloads } from '../../core/workloads.ts';

/** Which object a series is about, from its labels. */

export const SUBJECT_KINDS = [
  ...WORKLOAD_KINDS,
  'Service',
  'Node',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'HorizontalPodAutoscaler',
] as const satisfies readonly Kind[];
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

type Labels = Readonly<Record<string, string>>;
/** What says of itself which workload it is of: labels of a series, or a pattern of a log. */
interface OfWorkload {
  readonly namespace?: string;
  readonly workload?: string;
}

/** The workload a series names as `Deployment/checkout`; undefined where it is gone by now. */
export function workloadOfSeries(view: View<SubjectKind>, { namespace, workload }: OfWorkload): Workload | undefined {
  const [kind, name] = workload?.split('/', 2) ?? [];
  return kind === undefined || name === undefined || namespace === undefined ? undefined : workloadAt(view, { kind, namespace, name });
}

type Labelled = 'PersistentVolumeClaim' | 'ResourceQuota' | 'HorizontalPodAutoscaler' | 'Node';
const LABEL: { readonly [K in Labelled]: string } = {
  PersistentVolumeClaim: 'persistentvolumeclaim',
  ResourceQuota: 'resourcequota',
  HorizontalPodAutoscaler: 'horizontalpodautoscaler',
  Node: 'node',
};

export function objectOfSeries<K extends Labelled>(view: View<SubjectKind>, kind: K, labels: Labels): KubeObject<K> | undefined {
  const name = labels[LABEL[kind]];
  if (name === undefined || name === '') return undefined;
  return view.get(kind, kind === 'Node' ? undefined : labels['namespace'], name);
}

/** "Deployment web", "PersistentVolumeClaim data-0": as messages name it. */
export const nameOf = ({ kind, name }: Pick<ResourceRef, 'kind' | 'name'>): string => `${kind} ${name}`;

/** The workloads that mount a claim: who suffers when it is full. */
export function usersOfClaim(view: View<SubjectKind>, claim: KubeObject<'PersistentVolumeClaim'>): ResourceRef[] {
  return workloads(view, claim.metadata.namespace)
    .filter((w) => w.pods.some((p) => p.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === claim.metadata.name)))
    .map((w) => w.ref);
}

export const podRefs = (w: Workload): ResourceRef[] => w.pods.map((pod) => refOf(pod));
