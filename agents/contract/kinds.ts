import { z } from 'zod';
import { hostsIn } from './hosts.ts';
import { MISS, compileSchema } from './compile-schema.ts';
import type { ResourceRef } from './ids.ts';
import { suspiciousText } from './suspicious-text.ts';

/**
 * The Kubernetes kinds agents can read, one row a kind: where it is served and which fields are kept. Parsing an API object with
 * the row's schema *is* the projection: unknown fields are dropped, so what is not declared here never leaves the kube worker.
 * Schemas are lenient (clusters send more, and sometimes less, than the API documents): absent lists become empty ones.
 * Field names and nesting are those of Kubernetes. Values of Secrets and ConfigMaps are not kept: key names and sizes only.
 */

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((v) => v ?? []);
/** An absent or null object reads as one whose fields are all absent. */
const orEmpty = <T extends z.ZodType>(schema: T) => schema.nullish().transform((v): z.output<T> => v ?? schema.parse({}));
const strings = list(z.string());
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) => v ?? {});
const text = z.string().optional();
const int = z.number().int().optional();
const bool = z.boolean().optional();
const intOrString = z.union([z.number().int(), z.string()]);
/** Quantities stay strings (`500m`, `1Gi`); core/quantity.ts reads them. */
const quantities = z
  .record(z.string(), z.union([z.string(), z.number()]).transform(String))
  .nullish()
  .transform((v) => v ?? {});

const OwnerSchema = z.object({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string(), controller: bool });
const MetaSchema = z.object({
  name: z.string(),
  namespace: text,
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: int,
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().nullish(),
  labels,
  annotations: labels,
  ownerReferences: list(OwnerSchema),
  finalizers: strings,
});

const LabelSelectorSchema = z
  .object({
    matchLabels: labels,
    matchExpressions: list(z.object({ key: z.string(), operator: z.string(), values: strings })),
  })
  .nullish();
const ConditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: z.string().nullish(),
});
const conditions = list(ConditionSchema);

/** True of every pod that is Ready or has begun; kept of a pod only where they are not, and then they say why. */
const IMPLIED = new Set(['PodReadyToStartContainers', 'Initialized', 'ContainersReady']);

const KeyRefSchema = z.object({ name: z.string().default(''), key: z.string(), optional: bool }).optional();
const ObjectNameRefSchema = z.object({ name: z.string().default(''), optional: bool }).optional();
const EnvSchema = z.object({
  name: z.string(),
  value: text,
  valueFrom: z
    .object({ configMapKeyRef: KeyRefSchema, secretKeyRef: KeyRefSchema, fieldRef: z.object({ fieldPath: z.string() }).optional() })
    .optional(),
});
const ProbeSpecSchema = z
  .object({
    httpGet: z.object({ path: text, port: intOrString, scheme: text, host: text }).optional(),
    tcpSocket: z.object({ port: intOrString }).optional(),
    grpc: z.object({ port: z.number().int() }).optional(),
    exec: z.object({ command: strings }).optional(),
    initialDelaySeconds: int,
    periodSeconds: int,
    timeoutSeconds: int,
    failureThreshold: int,
    successThreshold: int,
  })
  .optional();
/**
 * The volume of the service account's token, which admission adds to every pod under a name of its own. Nobody wrote it and nothing is
 * wrong with it; without it the pods of a workload have the same spec but for their node.
 */
const TOKEN_VOLUME = /^kube-api-access-[a-z0-9]{5}$/;
const ContainerSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  imagePullPolicy: text,
  command: strings,
  args: strings,
  workingDir: text,
  ports: list(z.object({ name: text, containerPort: z.number().int(), hostPort: int, hostIP: text, protocol: text })),
  env: list(EnvSchema),
  envFrom: list(z.object({ prefix: text, configMapRef: ObjectNameRefSchema, secretRef: ObjectNameRefSchema })),
  resources: orEmpty(z.object({ requests: quantities, limits: quantities })),
  volumeMounts: list(z.object({ name: z.string(), mountPath: z.string(), subPath: text, readOnly: bool })).transform((mounts) =>
    mounts.filter((mount) => !TOKEN_VOLUME.test(mount.name)),
  ),
  livenessProbe: ProbeSpecSchema,
  readinessProbe: ProbeSpecSchema,
  startupProbe: ProbeSpecSchema,
  restartPolicy: text,
  /** That there are hooks; what they do is not kept. */
  lifecycle: z.object({ postStart: z.object({}).optional() }).optional(),
  securityContext: z
    .object({
      runAsNonRoot: bool,
      runAsUser: int,
      runAsGroup: int,
      readOnlyRootFilesystem: bool,
      privileged: bool,
      allowPrivilegeEscalation: bool,
      capabilities: z.object({ add: strings, drop: strings }).optional(),
      seccompProfile: z.object({ type: z.string() }).optional(),
    })
    .optional(),
});
export type Container = z.output<typeof ContainerSchema>;
export type ProbeSpec = NonNullable<Container['livenessProbe']>;

const KeyItemsSchema = list(z.object({ key: z.string(), path: z.string() }));
const VolumeSchema = z.object({
  name: z.string(),
  configMap: z.object({ name: z.string().default(''), optional: bool, items: KeyItemsSchema }).optional(),
  secret: z.object({ secretName: z.string().default(''), optional: bool, items: KeyItemsSchema }).optional(),
  projected: z
    .object({
      sources: list(
        z.object({
          configMap: z.object({ name: z.string().default(''), optional: bool, items: KeyItemsSchema }).optional(),
          secret: z.object({ name: z.string().default(''), optional: bool, items: KeyItemsSchema }).optional(),
        }),
      ),
    })
    .optional(),
  persistentVolumeClaim: z.object({ claimName: z.string(), readOnly: bool }).optional(),
  emptyDir: z.object({ medium: text, sizeLimit: z.union([z.string(), z.number()]).transform(String).optional() }).nullish(),
  hostPath: z.object({ path: z.string(), type: text }).optional(),
});
const NodeSelectorTermSchema = z.object({
  matchExpressions: list(z.object({ key: z.string(), operator: z.string(), values: strings })),
  matchFields: list(z.object({ key: z.string(), operator: z.string(), values: strings })),
});
const PodAffinityTermSchema = z.object({
  labelSelector: LabelSelectorSchema,
  topologyKey: z.string(),
  namespaces: strings,
  namespaceSelector: LabelSelectorSchema,
});
export const PodSpecSchema = z.object({
  containers: list(ContainerSchema),
  initContainers: list(ContainerSchema),
  volumes: list(VolumeSchema).transform((volumes) => volumes.filter((volume) => !TOKEN_VOLUME.test(volume.name))),
  nodeName: text,
  nodeSelector: labels,
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z.object({ nodeSelectorTerms: list(NodeSelectorTermSchema) }).optional(),
        })
        .optional(),
      podAffinity: z.object({ requiredDuringSchedulingIgnoredDuringExecution: list(PodAffinityTermSchema) }).optional(),
      podAntiAffinity: z.object({ requiredDuringSchedulingIgnoredDuringExecution: list(PodAffinityTermSchema) }).optional(),
    })
    .nullish(),
  tolerations: list(z.object({ key: text, operator: text, value: text, effect: text })),
  topologySpreadConstraints: list(
    z.object({
      maxSkew: z.number().int(),
      topologyKey: z.string(),
      whenUnsatisfiable: z.string(),
      labelSelector: LabelSelectorSchema,
      minDomains: int,
      nodeAffinityPolicy: text,
      nodeTaintsPolicy: text,
    }),
  ),
  serviceAccountName: text,
  imagePullSecrets: list(z.object({ name: z.string().default('') })),
  restartPolicy: text,
  schedulerName: text,
  schedulingGates: list(z.object({ name: z.string() })),
  priorityClassName: text,
  priority: int,
  runtimeClassName: text,
  automountServiceAccountToken: bool,
  activeDeadlineSeconds: int,
  readinessGates: list(z.object({ conditionType: z.string() })),
  ephemeralContainers: list(z.object({ name: z.string(), image: z.string().default(''), targetContainerName: text })),
  securityContext: z
    .object({
      runAsNonRoot: bool,
      runAsUser: int,
      runAsGroup: int,
      fsGroup: int,
      sysctls: z.array(z.object({ name: z.string(), value: z.string().default('') })).optional(),
      appArmorProfile: z.object({ type: text, localhostProfile: text }).optional(),
      seccompProfile: z.object({ type: z.string() }).optional(),
    })
    .nullish(),
  dnsConfig: z.object({ nameservers: strings, searches: strings }).optional(),
  hostAliases: list(z.object({ ip: z.string(), hostnames: strings })),
  /** What the RuntimeClass adds to the pod's requests. */
  overhead: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).optional(),
  hostNetwork: bool,
  dnsPolicy: text,
  terminationGracePeriodSeconds: int,
});
export type PodSpec = z.output<typeof PodSpecSchema>;
const TemplateSchema = z.object({
  metadata: orEmpty(z.object({ labels, annotations: labels })),
  spec: PodSpecSchema,
});
export type PodTemplate = z.output<typeof TemplateSchema>;

const TerminatedSchema = z.object({
  exitCode: z.number().int(),
  signal: int,
  reason: text,
  message: text,
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
});
const ContainerStateSchema = orEmpty(
  z.object({
    waiting: z.object({ reason: text, message: text }).optional(),
    running: z.object({ startedAt: z.string().nullish() }).optional(),
    terminated: TerminatedSchema.optional(),
  }),
);
const ContainerStatusSchema = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  started: z.boolean().nullish(),
  restartCount: z.number().int().default(0),
  image: z.string().default(''),
  imageID: z.string().default(''),
  state: ContainerStateSchema,
  lastState: ContainerStateSchema,
});
export type ContainerStatus = z.output<typeof ContainerStatusSchema>;

const dataKeys = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) => Object.entries(v ?? {}).map(([name, value]) => ({ name, size: value.length })));

const PolicyPeerSchema = z.object({
  podSelector: LabelSelectorSchema,
  namespaceSelector: LabelSelectorSchema,
  ipBlock: z.object({ cidr: z.string(), except: strings }).optional(),
});
const PolicyPortSchema = z.object({ protocol: text, port: intOrString.optional(), endPort: int });

const rules = list(z.object({ verbs: strings, apiGroups: strings, resources: strings, resourceNames: strings, nonResourceURLs: strings }));
const binding = {
  roleRef: orEmpty(z.object({ kind: z.string().default(''), name: z.string().default('') })),
  subjects: list(z.object({ kind: z.string(), name: z.string(), namespace: text })),
};

const ServiceAtSchema = z.object({ namespace: z.string().default(''), name: z.string().default(''), port: int });
const webhooks = list(
  z.object({
    name: z.string(),
    clientConfig: orEmpty(
      z.object({
        url: text,
        service: ServiceAtSchema.nullish(),
        /** Base64 of PEM: public. */
        caBundle: text,
      }),
    ),
    failurePolicy: text,
    timeoutSeconds: int,
    rules: list(z.object({ operations: strings, apiGroups: strings, apiVersions: strings, resources: strings, scope: text })),
    namespaceSelector: LabelSelectorSchema,
    objectSelector: LabelSelectorSchema,
  }),
);
const ParentRefSchema = z.object({ group: text, kind: text, namespace: text, name: z.string().default(''), sectionName: text, port: int });

/** A value longer than this is a program or a table, no setting; and so many addresses are a list of something else. */
const MOST_SETTING = 32 * 1024;
const MOST_HOSTS = 30;
const NO_HOSTS: readonly string[] = [];
/** Of a ConfigMap also the hosts that a value names as addresses: whom its users call; and what of it is written to be obeyed. */
const configData = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) =>
    Object.entries(v ?? {}).map(([name, value]) => {
      const hosts = value.length > MOST_SETTING ? NO_HOSTS : hostsIn(value, false);
      const suspicious = suspiciousText(value)?.kind;
      return {
        name,
        size: value.length,
        hosts: hosts.length === 0 ? NO_HOSTS : hosts.slice(0, MOST_HOSTS),
        ...(suspicious === undefined ? {} : { suspicious }),
      };
    }),
  );

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

/** Of a custom kind's schema only whether its objects have conditions; schemas are long. */
const ConditionsDeclaredSchema = z
  .object({
    openAPIV3Schema: z
      .object({
        properties: z
          .object({ status: z.object({ properties: z.object({ conditions: z.object({ type: text }).optional() }).optional() }).optional() })
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
        versions: list(z.object({ name: z.string(), served: bool, storage: bool, deprecated: bool, schema: ConditionsDeclaredSchema })),
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
