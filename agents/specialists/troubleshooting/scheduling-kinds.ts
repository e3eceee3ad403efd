import type { Kind, KubeObject, PodSpec } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS } from '../../core/workloads.ts';

/** What the reasoning about places reads, and who looks for one. */

export const SCHEDULING_KINDS = [
  ...WORKLOAD_KINDS,
  'Namespace',
  'Node',
  'PersistentVolumeClaim',
  'PersistentVolume',
] as const satisfies readonly Kind[];
export type SchedulingKind = (typeof SCHEDULING_KINDS)[number];
export type SchedulingView = View<SchedulingKind>;
export type Node = KubeObject<'Node'>;
export type Pod = KubeObject<'Pod'>;

/** What looks for a place. Labels matter to neighbours only. */
export interface Asking {
  readonly spec: PodSpec;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const askingOf = (pod: Pod): Asking => ({
  spec: pod.spec,
  namespace: pod.metadata.namespace ?? '',
  labels: pod.metadata.labels,
});
