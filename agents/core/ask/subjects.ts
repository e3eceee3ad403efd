import type { IncidentWithPlans } from '../../contract/index.ts';

/** Parts of a cluster that are asked for by what they do, and not by the name of an object: whether DNS works, whether the nodes are well. */
export interface Subject {
  /** As it is said in an answer. */
  readonly words: string;
  readonly asked: RegExp;
  /** Kinds it is made of. */
  readonly kinds: readonly string[];
  /** Words of what is found wrong with it. */
  readonly told: RegExp;
}

const SUBJECTS: readonly Subject[] = [
  {
    words: 'DNS',
    asked: /\b(?:dns|coredns|name resolution|resolv\w+)\b/,
    kinds: [],
    told: /\b(?:dns|coredns|resolv\w+|no such host|look-?ups?)\b/i,
  },
  { words: 'the nodes', asked: /\b(?:nodes?|machines?|kubelets?)\b/, kinds: ['Node'], told: /\bnodes? \S+ (?:is|has|does|cannot)\b/i },
  {
    words: 'storage',
    asked: /\b(?:storage|volumes?|disks?|pvcs?|persistentvolumeclaims?|claims?)\b/,
    kinds: ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass', 'CSIDriver', 'VolumeAttachment'],
    told: /\b(?:volumes?|storage|disks?|claims?|mount(?:ed)?)\b/i,
  },
  {
    words: 'the network',
    asked: /\b(?:network\w*|connectivity|connections?|mesh)\b/,
    kinds: ['NetworkPolicy', 'Service'],
    told: /\b(?:network\w*|connect\w*|refused|unreachable|timed? out|endpoints?)\b/i,
  },
  {
    words: 'what leads in from outside',
    asked: /\b(?:ingress(?:es)?|gateways?|httproutes?|load ?balancers?)\b/,
    kinds: ['Ingress', 'IngressClass', 'Gateway', 'GatewayClass', 'HTTPRoute'],
    told: /\b(?:ingress(?:es)?|gateways?|routes?|load ?balancers?)\b/i,
  },
  {
    words: 'certificates',
    asked: /\b(?:certificates?|certs?|tls)\b/,
    kinds: ['Certificate', 'Issuer', 'ClusterIssuer'],
    told: /\b(?:certificates?|tls|x509)\b/i,
  },
  { words: 'jobs', asked: /\b(?:cron ?)?jobs?\b/, kinds: ['Job', 'CronJob'], told: /\b(?:jobs?|cronjobs?|schedules?)\b/i },
  { words: 'images', asked: /\b(?:images?|registr(?:y|ies)|pulls?)\b/, kinds: [], told: /\b(?:images?|registry|pull(?:ed)?)\b/i },
  { words: 'quotas', asked: /\bquotas?\b/, kinds: ['ResourceQuota'], told: /\bquotas?\b/i },
  {
    words: 'webhooks',
    asked: /\b(?:webhooks?|admission)\b/,
    kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy'],
    told: /\b(?:webhooks?|admission)\b/i,
  },
  {
    words: 'autoscaling',
    asked: /\b(?:autoscal\w+|hpas?|horizontalpodautoscalers?)\b/,
    kinds: ['HorizontalPodAutoscaler'],
    told: /\bautoscal\w+\b/i,
  },
  { words: 'scheduling', asked: /\bschedul(?:er|ing)\b/, kinds: [], told: /\b(?:schedul\w+|no node|fits?)\b/i },
  {
    words: 'rights',
    asked: /\b(?:rbac|rights|permissions?)\b/,
    kinds: ['RoleBinding', 'ClusterRoleBinding', 'Role', 'ClusterRole'],
    told: /\b(?:forbidden|may not|rights?|rbac|permission)\b/i,
  },
];

/** The part of a cluster that a question without any name is about; undefined where it is about all, or about several. */
export function subjectOf(rest: string): Subject | undefined {
  const found = SUBJECTS.filter(({ asked }) => asked.test(rest.toLowerCase()));
  return found.length === 1 ? found[0] : undefined;
}

/** Whether what is wrong is wrong with that part: its own objects, or by the words of the cause. */
export const isAboutSubject = ({ kinds, told }: Subject, { title, rootCause: { resource, message } }: IncidentWithPlans): boolean =>
  kinds.includes(resource.kind) || told.test(`${title} ${message}`);
