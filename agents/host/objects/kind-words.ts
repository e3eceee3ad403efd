import { ALL_KINDS, KINDS, type Kind } from '../../contract/index.ts';

/** Short names of kubectl (`kubectl api-resources`). */
const SHORT: Readonly<Record<string, Kind>> = {
  po: 'Pod',
  deploy: 'Deployment',
  rs: 'ReplicaSet',
  sts: 'StatefulSet',
  ds: 'DaemonSet',
  cj: 'CronJob',
  svc: 'Service',
  cm: 'ConfigMap',
  sa: 'ServiceAccount',
  pvc: 'PersistentVolumeClaim',
  pv: 'PersistentVolume',
  sc: 'StorageClass',
  quota: 'ResourceQuota',
  limits: 'LimitRange',
  hpa: 'HorizontalPodAutoscaler',
  pdb: 'PodDisruptionBudget',
  ing: 'Ingress',
  ns: 'Namespace',
  no: 'Node',
  netpol: 'NetworkPolicy',
  crd: 'CustomResourceDefinition',
  crds: 'CustomResourceDefinition',
  pc: 'PriorityClass',
  gc: 'GatewayClass',
  gtw: 'Gateway',
};

/** What a server says a kind may be called in short. */
export const shortNamesOf = (kind: string): string[] => Object.entries(SHORT).flatMap(([short, of]) => (of === kind ? [short] : []));

/** The kind somebody means by `deploy`, `deployments`, `Deployment` or `deployment.apps`; undefined when it is none of ours. */
export function kindOfWord(word: string): Kind | undefined {
  const plain = word.toLowerCase().split('.')[0] ?? '';
  return SHORT[plain] ?? ALL_KINDS.find((kind) => kind.toLowerCase() === plain || KINDS[kind].resource === plain);
}
