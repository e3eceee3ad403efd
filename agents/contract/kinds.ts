import { z } from 'zod';
import { MISS, compileSchema } from './compile-schema.ts';
import type { ResourceRef } from './ids.ts';
import {
  LabelSelectorSchema,
  MetaSchema,
  bool,
  conditions,
  int,
  intOrString,
  labels,
  list,
  orEmpty,
  quantities,
  strings,
  text,
} from './kind-fields.ts';
import {
  MeshRoutesSchema,
  ParentRefSchema,
  PolicyPeerSchema,
  PolicyPortSchema,
  ServiceAtSchema,
  binding,
  configData,
  dataKeys,
  rules,
  webhooks,
} from './kind-parts.ts';
import { ContainerStatusSchema, NodeSelectorTermSchema, PodSpecSchema, TemplateSchema } from './pod-spec.ts';

/**
 * The Kubernetes kinds agents can read, one row a kind: where it is served and which fields are kept. Parsing an API object with
 * the row's schema *is* the projection: unknown fields are dropped, so what is not declared here never leaves the kube worker.
 * Schemas are lenient (clusters send more, and sometimes less, than the API documents): absent lists become empty ones.
 * Parts that rows share are in kind-fields.ts, pod-spec.ts and kind-parts.ts. Field names and nesting are those of Kubernetes. Values of Secrets and ConfigMaps are not kept: key names and sizes only.
 */

/** True of every pod that is Ready or has begun; kept of a pod only where they are not, and then they say why. */
const IMPLIED = new Set(['PodReadyToStartContainers', 'Initialized', 'ContainersReady']);

/** One row a kind. `optional`: not every cluster serves it, and one that does not simply has none. */
function row<G extends string, R extends string, N extends boolean, S extends z.ZodType>(
  apiVersion: G,
  resource: R,
  namespaced: N,
  schema: S,
) {
  return { apiVersion, resource, namespaced, schema, optional: false } as const;
}
function optionalRow<G extends string, R extends string, N extends boolean, S extends z.ZodType>(
  apiVersion: G,
  resource: R,
  namespaced: N,
  schema: S,
) {
  return { apiVersion, resource, namespaced, schema, optional: true } as const;
}
const object = <S extends z.ZodRawShape>(shape: S) => z.object({ metadata: MetaSchema, ...shape });

const DeclaredSchema = z.object({ type: text }).optional();
/** Of a custom kind's schema only whether its objects say how they are: by conditions, or in one word; schemas are long. */
const StatusDeclaredSchema = z
  .object({
    openAPIV3Schema: z
      .object({
        properties: z
          .object({
            status: z
              .object({
                properties: z
                  .object({ conditions: DeclaredSchema, phase: DeclaredSchema, state: DeclaredSchema, health: DeclaredSchema })
                  .optional(),
              })
              .optional(),
          })
          .optional(),
      })
      .optional(),
  })
  .optional();

export const KINDS = {
  Namespace: row(
    'v1',
    'namespaces',
    false,
    object({ spec: orEmpty(z.object({ finalizers: strings })), status: orEmpty(z.object({ phase: text, conditions })) }),
  ),
  Node: row(
    'v1',
    'nodes',
    false,
    object({
      spec: orEmpty(
        z.object({ unschedulable: bool, taints: list(z.object({ key: z.string(), value: text, effect: z.string() })), providerID: text }),
      ),
      status: orEmpty(
        z.object({
          capacity: quantities,
          allocatable: quantities,
          conditions,
          nodeInfo: z.object({ architecture: text, kubeletVersion: text }).optional(),
        }),
      ),
    }),
  ),
  Pod: row(
    'v1',
    'pods',
    true,
    object({
      spec: PodSpecSchema,
      status: orEmpty(
        z.object({
          phase: text,
          reason: text,
          message: text,
          podIP: text,
          startTime: z.string().nullish(),
          conditions: conditions.transform((all) => all.filter((c) => c.status !== 'True' || !IMPLIED.has(c.type))),
          containerStatuses: list(ContainerStatusSchema),
          initContainerStatuses: list(ContainerStatusSchema),
          ephemeralContainerStatuses: list(ContainerStatusSchema),
          nominatedNodeName: text,
        }),
      ),
    }),
  ),
  Deployment: row(
    'apps/v1',
    'deployments',
    true,
    object({
      spec: z.object({
        replicas: int,
        paused: bool,
        selector: LabelSelectorSchema,
        template: TemplateSchema,
        progressDeadlineSeconds: int,
        minReadySeconds: int,
        strategy: z
          .object({
            type: text,
            rollingUpdate: z.object({ maxUnavailable: intOrString.optional(), maxSurge: intOrString.optional() }).optional(),
          })
          .optional(),
      }),
      status: orEmpty(
        z.object({
          observedGeneration: int,
          replicas: int,
          updatedReplicas: int,
          readyReplicas: int,
          availableReplicas: int,
          unavailableReplicas: int,
          conditions,
        }),
      ),
    }),
  ),
  ReplicaSet: row(
    'apps/v1',
    'replicasets',
    true,
    object({
      spec: z.object({ replicas: int, selector: LabelSelectorSchema, template: TemplateSchema.optional() }),
      status: orEmpty(z.object({ replicas: int, readyReplicas: int, availableReplicas: int, observedGeneration: int, conditions })),
    }),
  ),
  StatefulSet: row(
    'apps/v1',
    'statefulsets',
    true,
    object({
      spec: z.object({
        replicas: int,
        serviceName: text,
        selector: LabelSelectorSchema,
        template: TemplateSchema,
        podManagementPolicy: text,
        updateStrategy: z.object({ type: text, rollingUpdate: z.object({ partition: int }).optional() }).optional(),
        volumeClaimTemplates: list(
          z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ storageClassName: z.string().nullish() }) }),
        ),
      }),
      status: orEmpty(
        z.object({
          observedGeneration: int,
          replicas: int,
          readyReplicas: int,
          updatedReplicas: int,
          availableReplicas: int,
          currentRevision: text,
          updateRevision: text,
          conditions,
        }),
      ),
    }),
  ),
  DaemonSet: row(
    'apps/v1',
    'daemonsets',
    true,
    object({
      spec: z.object({
        selector: LabelSelectorSchema,
        template: TemplateSchema,
        updateStrategy: z.object({ type: text }).optional(),
      }),
      status: orEmpty(
        z.object({
          observedGeneration: int,
          desiredNumberScheduled: int,
          currentNumberScheduled: int,
          numberMisscheduled: int,
          numberReady: int,
          numberAvailable: int,
          updatedNumberScheduled: int,
          conditions,
        }),
      ),
    }),
  ),
  Job: row(
    'batch/v1',
    'jobs',
    true,
    object({
      spec: z.object({
        parallelism: int,
        completions: int,
        backoffLimit: int,
        suspend: bool,
        activeDeadlineSeconds: int,
        template: TemplateSchema,
      }),
      status: orEmpty(
        z.object({
          active: int,
          succeeded: int,
          failed: int,
          startTime: z.string().nullish(),
          completionTime: z.string().nullish(),
          conditions,
        }),
      ),
    }),
  ),
  CronJob: row(
    'batch/v1',
    'cronjobs',
    true,
    object({
      spec: z.object({
        schedule: z.string(),
        suspend: bool,
        concurrencyPolicy: text,
        startingDeadlineSeconds: int,
        timeZone: text,
        jobTemplate: z.object({ spec: z.object({ backoffLimit: int, activeDeadlineSeconds: int, template: TemplateSchema }) }),
      }),
      status: orEmpty(
        z.object({
          lastScheduleTime: z.string().nullish(),
          lastSuccessfulTime: z.string().nullish(),
          active: list(z.object({ name: z.string().default('') })),
        }),
      ),
    }),
  ),
  Service: row(
    'v1',
    'services',
    true,
    object({
      spec: z.object({
        type: text,
        clusterIP: text,
        selector: labels,
        externalName: text,
        publishNotReadyAddresses: bool,
        internalTrafficPolicy: text,
        externalTrafficPolicy: text,
        loadBalancerClass: text,
        ports: list(z.object({ name: text, port: z.number().int(), targetPort: intOrString.optional(), protocol: text, nodePort: int })),
      }),
      status: orEmpty(z.object({ loadBalancer: orEmpty(z.object({ ingress: list(z.object({ ip: text, hostname: text })) })) })),
    }),
  ),
  EndpointSlice: row(
    'discovery.k8s.io/v1',
    'endpointslices',
    true,
    object({
      addressType: text,
      endpoints: list(
        z.object({
          addresses: strings,
          nodeName: z.string().nullish(),
          conditions: orEmpty(
            z.object({ ready: z.boolean().nullish(), serving: z.boolean().nullish(), terminating: z.boolean().nullish() }),
          ),
          targetRef: z.object({ kind: text, namespace: text, name: text }).optional(),
        }),
      ),
      ports: list(z.object({ name: z.string().nullish(), port: z.number().int().nullish(), protocol: z.string().nullish() })),
    }),
  ),
  ConfigMap: row('v1', 'configmaps', true, z.object({ metadata: MetaSchema, data: configData, binaryData: dataKeys, immutable: bool })),
  Secret: row('v1', 'secrets', true, z.object({ metadata: MetaSchema, type: text, data: dataKeys, immutable: bool })),
  ServiceAccount: row(
    'v1',
    'serviceaccounts',
    true,
    object({ imagePullSecrets: list(z.object({ name: z.string().default('') })), automountServiceAccountToken: bool }),
  ),
  PersistentVolumeClaim: row(
    'v1',
    'persistentvolumeclaims',
    true,
    object({
      spec: z.object({
        accessModes: strings,
        storageClassName: z.string().nullish(),
        volumeName: text,
        volumeMode: text,
        selector: LabelSelectorSchema,
        resources: orEmpty(z.object({ requests: quantities })),
        /** What it is to be filled from; kept so that nobody recreates it empty. */
        dataSource: z.object({ kind: z.string(), name: z.string() }).nullish(),
        dataSourceRef: z.object({ kind: z.string(), name: z.string() }).nullish(),
      }),
      status: orEmpty(z.object({ phase: text, capacity: quantities, conditions })),
    }),
  ),
  PersistentVolume: row(
    'v1',
    'persistentvolumes',
    false,
    object({
      spec: z.object({
        accessModes: strings,
        capacity: quantities,
        storageClassName: text,
        volumeMode: text,
        persistentVolumeReclaimPolicy: text,
        claimRef: z.object({ namespace: text, name: text, uid: text }).nullish(),
        nodeAffinity: z.object({ required: z.object({ nodeSelectorTerms: list(NodeSelectorTermSchema) }).optional() }).optional(),
      }),
      status: orEmpty(z.object({ phase: text, message: text, reason: text })),
    }),
  ),
  StorageClass: row(
    'storage.k8s.io/v1',
    'storageclasses',
    false,
    object({ provisioner: z.string(), volumeBindingMode: text, reclaimPolicy: text, allowVolumeExpansion: bool }),
  ),
  ResourceQuota: row(
    'v1',
    'resourcequotas',
    true,
    object({
      spec: orEmpty(
        z.object({
          hard: quantities,
          scopes: strings,
          scopeSelector: z
            .object({ matchExpressions: list(z.object({ scopeName: z.string(), operator: z.string(), values: strings })) })
            .nullish(),
        }),
      ),
      status: orEmpty(z.object({ hard: quantities, used: quantities })),
    }),
  ),
  LimitRange: row(
    'v1',
    'limitranges',
    true,
    object({
      spec: z.object({
        limits: list(
          z.object({
            type: z.string(),
            default: quantities,
            defaultRequest: quantities,
            max: quantities,
            min: quantities,
            maxLimitRequestRatio: quantities,
          }),
        ),
      }),
    }),
  ),
  HorizontalPodAutoscaler: row(
    'autoscaling/v2',
    'horizontalpodautoscalers',
    true,
    object({
      spec: z.object({
        scaleTargetRef: z.object({ apiVersion: text, kind: z.string(), name: z.string() }),
        minReplicas: int,
        maxReplicas: z.number().int(),
        metrics: list(
          z.object({
            type: z.string(),
            resource: z
              .object({
                name: z.string(),
                target: z.object({
                  type: text,
                  averageUtilization: int,
                  averageValue: z.union([z.string(), z.number()]).transform(String).optional(),
                }),
              })
              .optional(),
            containerResource: z.object({ name: z.string(), container: z.string() }).optional(),
          }),
        ),
      }),
      status: orEmpty(
        z.object({
          currentReplicas: int,
          desiredReplicas: int,
          lastScaleTime: z.string().nullish(),
          currentMetrics: list(
            z.object({
              type: z.string().default(''),
              resource: z.object({ name: z.string(), current: orEmpty(z.object({ averageUtilization: int })) }).optional(),
            }),
          ),
          conditions,
        }),
      ),
    }),
  ),
  PodDisruptionBudget: row(
    'policy/v1',
    'poddisruptionbudgets',
    true,
    object({
      spec: z.object({
        minAvailable: intOrString.optional(),
        maxUnavailable: intOrString.optional(),
        selector: LabelSelectorSchema,
        unhealthyPodEvictionPolicy: text,
      }),
      status: orEmpty(
        z.object({
          observedGeneration: int,
          currentHealthy: int,
          desiredHealthy: int,
          expectedPods: int,
          disruptionsAllowed: int,
          conditions,
        }),
      ),
    }),
  ),
  Ingress: row(
    'networking.k8s.io/v1',
    'ingresses',
    true,
    object({
      spec: z.object({
        ingressClassName: text,
        tls: list(z.object({ hosts: strings, secretName: text })),
        defaultBackend: z
          .object({ service: z.object({ name: z.string(), port: z.object({ name: text, number: int }).optional() }).optional() })
          .optional(),
        rules: list(
          z.object({
            host: text,
            http: z
              .object({
                paths: list(
                  z.object({
                    path: text,
                    pathType: text,
                    backend: z.object({
                      service: z.object({ name: z.string(), port: z.object({ name: text, number: int }).optional() }).optional(),
                    }),
                  }),
                ),
              })
              .optional(),
          }),
        ),
      }),
    }),
  ),
  IngressClass: row('networking.k8s.io/v1', 'ingressclasses', false, object({ spec: orEmpty(z.object({ controller: text })) })),
  NetworkPolicy: row(
    'networking.k8s.io/v1',
    'networkpolicies',
    true,
    object({
      spec: z.object({
        podSelector: LabelSelectorSchema,
        policyTypes: strings,
        ingress: list(z.object({ from: list(PolicyPeerSchema), ports: list(PolicyPortSchema) })),
        egress: list(z.object({ to: list(PolicyPeerSchema), ports: list(PolicyPortSchema) })),
      }),
    }),
  ),
  Role: row('rbac.authorization.k8s.io/v1', 'roles', true, object({ rules })),
  ClusterRole: row('rbac.authorization.k8s.io/v1', 'clusterroles', false, object({ rules })),
  RoleBinding: row('rbac.authorization.k8s.io/v1', 'rolebindings', true, object(binding)),
  ClusterRoleBinding: row('rbac.authorization.k8s.io/v1', 'clusterrolebindings', false, object(binding)),
  ValidatingWebhookConfiguration: row('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations', false, object({ webhooks })),
  MutatingWebhookConfiguration: row('admissionregistration.k8s.io/v1', 'mutatingwebhookconfigurations', false, object({ webhooks })),
  APIService: row(
    'apiregistration.k8s.io/v1',
    'apiservices',
    false,
    object({
      spec: orEmpty(z.object({ group: text, version: text, service: ServiceAtSchema.nullish() })),
      status: orEmpty(z.object({ conditions })),
    }),
  ),
  CustomResourceDefinition: row(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    false,
    object({
      spec: z.object({
        group: z.string().default(''),
        names: orEmpty(z.object({ kind: z.string().default(''), plural: z.string().default(''), shortNames: strings })),
        scope: text,
        versions: list(z.object({ name: z.string(), served: bool, storage: bool, deprecated: bool, schema: StatusDeclaredSchema })),
        conversion: z
          .object({
            strategy: text,
            webhook: z.object({ clientConfig: orEmpty(z.object({ url: text, service: ServiceAtSchema.nullish() })) }).nullish(),
          })
          .nullish(),
      }),
      status: orEmpty(z.object({ storedVersions: strings, conditions })),
    }),
  ),
  PriorityClass: row(
    'scheduling.k8s.io/v1',
    'priorityclasses',
    false,
    object({ value: z.number().int().default(0), globalDefault: bool, preemptionPolicy: text }),
  ),
  RuntimeClass: row('node.k8s.io/v1', 'runtimeclasses', false, object({ handler: text })),
  GatewayClass: optionalRow(
    'gateway.networking.k8s.io/v1',
    'gatewayclasses',
    false,
    object({ spec: orEmpty(z.object({ controllerName: text })), status: orEmpty(z.object({ conditions })) }),
  ),
  Gateway: optionalRow(
    'gateway.networking.k8s.io/v1',
    'gateways',
    true,
    object({
      spec: z.object({
        gatewayClassName: z.string().default(''),
        listeners: list(
          z.object({
            name: z.string(),
            port: int,
            protocol: text,
            hostname: text,
            tls: z.object({ mode: text, certificateRefs: list(z.object({ kind: text, name: z.string(), namespace: text })) }).optional(),
          }),
        ),
      }),
      status: orEmpty(z.object({ conditions, listeners: list(z.object({ name: z.string(), attachedRoutes: int, conditions })) })),
    }),
  ),
  HTTPRoute: optionalRow(
    'gateway.networking.k8s.io/v1',
    'httproutes',
    true,
    object({
      spec: orEmpty(
        z.object({
          parentRefs: list(ParentRefSchema),
          hostnames: strings,
          rules: list(
            z.object({
              backendRefs: list(z.object({ group: text, kind: text, name: z.string(), namespace: text, port: int, weight: int })),
            }),
          ),
        }),
      ),
      status: orEmpty(z.object({ parents: list(z.object({ parentRef: ParentRefSchema, controllerName: text, conditions })) })),
    }),
  ),
  VirtualService: optionalRow(
    'networking.istio.io/v1',
    'virtualservices',
    true,
    object({ spec: orEmpty(z.object({ hosts: strings, http: MeshRoutesSchema, tcp: MeshRoutesSchema, tls: MeshRoutesSchema })) }),
  ),
  DestinationRule: optionalRow(
    'networking.istio.io/v1',
    'destinationrules',
    true,
    object({ spec: z.object({ host: z.string().default(''), subsets: list(z.object({ name: z.string(), labels })) }) }),
  ),
  CertificateSigningRequest: row(
    'certificates.k8s.io/v1',
    'certificatesigningrequests',
    false,
    object({ spec: z.object({ signerName: text, username: text }), status: orEmpty(z.object({ conditions })) }),
  ),
} as const;

export type Kind = keyof typeof KINDS;
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** The projected object of a kind, with its kind said, so that a union of kinds narrows on it. */
export type KubeObject<K extends Kind = Kind> = { [P in K]: { readonly kind: P } & z.output<(typeof KINDS)[P]['schema']> }[K];

export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(KINDS, kind);
}

const readers = new Map<Kind, (raw: unknown) => unknown>();

/**
 * Projects an API object (as a server or a file sends it) to the declared fields of its kind. Lists and maps that are absent in many
 * objects may be shared between them: a projected object is never changed.
 * @throws z.ZodError when it lacks a field without which nothing can be said about it; the caller turns that into a finding.
 */
export function project<K extends Kind>(kind: K, raw: unknown): KubeObject<K> {
  const { schema } = KINDS[kind];
  let read = readers.get(kind);
  if (read === undefined) readers.set(kind, (read = compileSchema(schema)));
  const value = read(raw);
  return { kind, ...((value === MISS ? schema.parse(raw) : value) as object) } as KubeObject<K>;
}

/** `shop/checkout` or `node-1`: an object's key within its kind. */
export function objectKey(meta: { readonly name: string; readonly namespace?: string | undefined }): string {
  return meta.namespace === undefined ? meta.name : `${meta.namespace}/${meta.name}`;
}

export function refOf(object: KubeObject): ResourceRef {
  const { name, namespace, uid } = object.metadata;
  return {
    apiVersion: KINDS[object.kind].apiVersion,
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === '' ? {} : { uid }),
  };
}
