import type { Placed } from './fleet-plots.ts';
import { podsOf } from './fleet-model.ts';
import { linkToObject } from '../explore/places.ts';

/** Kinds as Explore calls them in its addresses. */
export const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  ReplicaSet: 'replicasets.apps',
  CronJob: 'cronjobs.batch',
  Job: 'jobs.batch',
  Pod: 'pods',
  Service: 'services',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  ServiceAccount: 'serviceaccounts',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  Ingress: 'ingresses.networking.k8s.io',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers.autoscaling',
  Node: 'nodes',
  APIService: 'apiservices.apiregistration.k8s.io',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  Gateway: 'gateways.gateway.networking.k8s.io',
  GatewayClass: 'gatewayclasses.gateway.networking.k8s.io',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
};

/** The page of the object a place stands for; undefined for what is none, or is of a kind only its own cluster knows. */
export function linkToPlace(item: Placed, pod: number | undefined): string | undefined {
  if (item.level === 'namespace') return linkToObject({ kind: 'namespaces', context: item.context, namespace: undefined, name: item.name });
  if (item.level !== 'workload') return undefined;
  const { context, namespace } = item;
  const one = pod === undefined ? undefined : podsOf(item)[pod];
  if (one !== undefined) return linkToObject({ kind: 'pods', context, namespace, name: one.name });
  const kind = RESOURCES[item.kind];
  return kind === undefined ? undefined : linkToObject({ kind, context, namespace, name: item.name });
}
