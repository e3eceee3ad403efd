import { isDeepStrictEqual } from 'node:util';

/** What can be seen of a case in the cluster, as pure functions over raw API objects. */

export interface RawObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly [key: string]: unknown;
}

/** The objects of one namespace, and those of the cluster, at one moment. */
export interface Snapshot {
  list(kind: string): readonly RawObject[];
  get(kind: string, name: string): RawObject | undefined;
}

export type Condition = (seen: Snapshot) => boolean;

/** A value inside an object by dotted path; undefined where a step is missing. */
export function at(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | null | undefined)?.[step], object);
}

const listAt = (object: unknown, path: string) => (at(object, path) ?? []) as readonly Record<string, unknown>[];
const numberAt = (object: unknown, path: string) => Number(at(object, path) ?? 0);

export const all =
  (...conditions: readonly Condition[]): Condition =>
  (seen) =>
    conditions.every((c) => c(seen));

/** Pods whose name starts with that of their workload, and that are not on their way out. */
export function podsOf(seen: Snapshot, workload: string): readonly RawObject[] {
  return seen.list('Pod').filter((p) => p.metadata.name.startsWith(`${workload}-`) && p.metadata.deletionTimestamp === undefined);
}

/** Some pod of the workload says so in its container states: a waiting or terminated reason among these. */
export const podSays =
  (workload: string, ...reasons: readonly string[]): Condition =>
  (seen) =>
    podsOf(seen, workload).some((pod) =>
      [...listAt(pod, 'status.containerStatuses'), ...listAt(pod, 'status.initContainerStatuses')].some((s) =>
        ['state.waiting.reason', 'state.terminated.reason', 'lastState.terminated.reason'].some((path) =>
          reasons.includes(String(at(s, path))),
        ),
      ),
    );

export const restarted =
  (workload: string, times = 1): Condition =>
  (seen) =>
    podsOf(seen, workload).some((pod) => listAt(pod, 'status.containerStatuses').some((s) => Number(s['restartCount'] ?? 0) >= times));

/** The scheduler has refused a pod of the workload. */
export const unschedulable =
  (workload: string): Condition =>
  (seen) =>
    podsOf(seen, workload).some((pod) =>
      listAt(pod, 'status.conditions').some(
        (c) => c['type'] === 'PodScheduled' && c['status'] === 'False' && c['reason'] === 'Unschedulable',
      ),
    );

/** A container runs and its pod is not ready. */
export const runningNotReady =
  (workload: string): Condition =>
  (seen) =>
    podsOf(seen, workload).some((pod) =>
      listAt(pod, 'status.containerStatuses').some((s) => at(s, 'state.running') !== undefined && s['ready'] === false),
    );

/** The kubelet has told of a failed probe of one of the workload's pods. */
export const probeFailed =
  (workload: string): Condition =>
  (seen) => {
    const names = podsOf(seen, workload).map((p) => p.metadata.name);
    return seen.list('Event').some((e) => e['reason'] === 'Unhealthy' && names.includes(String(at(e, 'involvedObject.name'))));
  };

/** Fewer pods exist than are wanted, and a KubeEvent tells of a refusal. */
export const creationRefused =
  (kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job', name: string): Condition =>
  (seen) =>
    kind === 'Deployment'
      ? seen
          .list('ReplicaSet')
          .some(
            (rs) =>
              rs.metadata.name.startsWith(`${name}-`) &&
              listAt(rs, 'status.conditions').some((c) => c['type'] === 'ReplicaFailure' && c['status'] === 'True'),
          )
      : seen.list('Event').some((e) => e['reason'] === 'FailedCreate' && at(e, 'involvedObject.name') === name);

/** Rolled out: the newest template everywhere, all of it available, nothing older left. */
export const rolledOut =
  (kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', name: string): Condition =>
  (seen) => {
    const object = seen.get(kind, name);
    if (object === undefined || numberAt(object, 'status.observedGeneration') < (object.metadata.generation ?? 0)) return false;
    if (kind === 'DaemonSet') {
      const wanted = numberAt(object, 'status.desiredNumberScheduled');
      return ['status.updatedNumberScheduled', 'status.numberAvailable'].every((path) => numberAt(object, path) === wanted) && wanted > 0;
    }
    const wanted = Number(at(object, 'spec.replicas') ?? 1);
    return (
      numberAt(object, 'status.replicas') === wanted &&
      numberAt(object, 'status.updatedReplicas') === wanted &&
      numberAt(object, kind === 'Deployment' ? 'status.availableReplicas' : 'status.readyReplicas') === wanted
    );
  };

/** The addresses of ready endpoints behind a Service's port. */
export function endpoints(seen: Snapshot, service: string): readonly string[] {
  return seen
    .list('EndpointSlice')
    .filter((s) => s.metadata.labels?.['kubernetes.io/service-name'] === service && listAt(s, 'ports').length > 0)
    .flatMap((s) => listAt(s, 'endpoints'))
    .filter((e) => at(e, 'conditions.ready') !== false)
    .flatMap((e) => (e['addresses'] ?? []) as string[]);
}

/** The Service has no ready endpoint; of a workload that is named, pods are there. */
export const noEndpoints =
  (service: string, workload?: string): Condition =>
  (seen) =>
    seen.get('Service', service) !== undefined &&
    (workload === undefined || podsOf(seen, workload).length > 0) &&
    endpoints(seen, service).length === 0;

export const hasEndpoints =
  (service: string, count: number): Condition =>
  (seen) =>
    endpoints(seen, service).length === count;

/** A field has this value. */
export const fieldIs =
  (kind: string, name: string, path: string, value: unknown): Condition =>
  (seen) =>
    isDeepStrictEqual(at(seen.get(kind, name), path), value);

export const bound =
  (claim: string): Condition =>
  (seen) =>
    at(seen.get('PersistentVolumeClaim', claim), 'status.phase') === 'Bound';

export const ready =
  (workload: string): Condition =>
  (seen) =>
    podsOf(seen, workload).some((pod) => listAt(pod, 'status.conditions').some((c) => c['type'] === 'Ready' && c['status'] === 'True'));

export const finished =
  (job: string): Condition =>
  (seen) =>
    listAt(seen.get('Job', job), 'status.conditions').some((c) => c['type'] === 'Complete' && c['status'] === 'True');

/** Somebody has asked for its deletion, and it is still there. */
export const beingDeleted =
  (kind: string, name: string): Condition =>
  (seen) =>
    seen.get(kind, name)?.metadata.deletionTimestamp !== undefined;
