import { workloads, type Workload } from '../../core/workloads.ts';
import type { Pod, SchedulingView } from './scheduling-kinds.ts';
import { scheduledCondition } from './scheduling.ts';

/** Pods that no scheduler has looked at, or may not look at yet. */

export interface Waiting {
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  /** Milliseconds since 1970, of the oldest. */
  readonly since: number;
}

const DEFAULT_SCHEDULER = 'default-scheduler';
export const schedulerOf = ({ spec }: Pod): string => spec.schedulerName ?? DEFAULT_SCHEDULER;

const isWaiting = (pod: Pod) =>
  pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp == null && (pod.status.phase ?? 'Pending') === 'Pending';

const isSilent = (pod: Pod): boolean => isWaiting(pod) && pod.spec.schedulingGates.length === 0 && scheduledCondition(pod) === undefined;

/** Nobody has said a word about it. */
export const isUntouched = (pod: Pod): boolean => isSilent(pod) && pod.spec.resourceClaims.length === 0;
/** Nobody has said a word about it, and it names claims of devices: the scheduler does not look at it before they are there. */
export const awaitsDeviceClaim = (pod: Pod): boolean => isSilent(pod) && pod.spec.resourceClaims.length > 0;
export const isGated = (pod: Pod): boolean => isWaiting(pod) && pod.spec.schedulingGates.length > 0;

/** Workloads with such pods. */
export function waitingPods(view: SchedulingView, such: (pod: Pod) => boolean): readonly Waiting[] {
  if (!view.list('Pod').some(such)) return [];
  return workloads(view).flatMap((workload) => {
    const pods = workload.pods.filter(such);
    if (pods.length === 0) return [];
    const times = pods.map((p) => Date.parse(p.metadata.creationTimestamp ?? '')).filter((t) => !Number.isNaN(t));
    return [{ workload, pods, since: Math.min(...times, Infinity) }];
  });
}

const cache = new WeakMap<object, readonly string[]>();

/** The schedulers that have placed pods that are there now. Pods of DaemonSets and the like are placed by their scheduler too. */
export function schedulersAtWork(view: SchedulingView): readonly string[] {
  let known = cache.get(view);
  if (known === undefined) {
    const names = new Set<string>();
    for (const pod of view.list('Pod'))
      if (pod.spec.nodeName !== undefined && scheduledCondition(pod)?.status === 'True') names.add(schedulerOf(pod));
    cache.set(view, (known = [...names].sort()));
  }
  return known;
}
