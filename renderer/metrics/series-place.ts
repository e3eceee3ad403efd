import { linkToRef } from '../explore/places.ts';

/** Which object a series is about, from its labels. Pure. */

type Labels = Readonly<Record<string, string>>;

const API: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

export interface SeriesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The narrowest thing its labels name: a claim before the workload that mounts it. */
export function objectOfLabels(labels: Labels): SeriesObject | undefined {
  const {
    namespace,
    workload,
    node,
    persistentvolumeclaim: claim,
    resourcequota: quota,
    horizontalpodautoscaler: scaler,
    ingress,
  } = labels;
  const core = (kind: string, name: string) => ({ apiVersion: 'v1', kind, namespace, name });
  if (claim !== undefined && claim !== '') return core('PersistentVolumeClaim', claim);
  if (quota !== undefined) return core('ResourceQuota', quota);
  if (scaler !== undefined && namespace !== undefined)
    return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace, name: scaler };
  if (ingress !== undefined && namespace !== undefined)
    return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace, name: ingress };
  if (workload !== undefined) {
    const [kind = '', name = ''] = workload.split('/', 2);
    return { apiVersion: API[kind] ?? 'v1', kind, namespace, name };
  }
  return node === undefined ? undefined : { apiVersion: 'v1', kind: 'Node', namespace: undefined, name: node };
}

export function linkToSeries(context: string, labels: Labels): string | undefined {
  const object = objectOfLabels(labels);
  return object === undefined ? undefined : linkToRef(context, object, CHARTED.has(object.kind) ? 'metrics' : undefined);
}
const CHARTED: ReadonlySet<string> = new Set([...Object.keys(API), 'Node', 'PersistentVolumeClaim', 'Pod']);

/** "Deployment shop/checkout", "Node node-1"; what is of the whole cluster is called so. */
export function nameOfLabels(labels: Labels): string {
  const object = objectOfLabels(labels);
  if (object === undefined) return 'the cluster';
  return `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`;
}

/** The selector of this one series. */
export const selectorOf = (signal: string, labels: Labels): string =>
  `${signal}{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
