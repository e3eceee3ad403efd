import { z } from 'zod';
import { LabelSelectorSchema, bool, int, intOrString, labels, list, orEmpty, quantities, strings, text } from './kind-fields.ts';

/** What is kept of a pod as it is wanted, and of its containers as they are. */

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
  configMap: z.object({ name: z.string().default(''), optional: bool, items: KeyItemsSchema, defaultMode: int }).optional(),
  secret: z.object({ secretName: z.string().default(''), optional: bool, items: KeyItemsSchema, defaultMode: int }).optional(),
  projected: z
    .object({
      defaultMode: int,
      sources: list(
        z.object({
          configMap: z.object({ name: z.string().default(''), optional: bool, items: KeyItemsSchema }).optional(),
          secret: z.object({ name: z.string().default(''), optional: bool, items: KeyItemsSchema }).optional(),
          serviceAccountToken: z.object({ audience: text, path: z.string().default('') }).optional(),
        }),
      ),
    })
    .optional(),
  persistentVolumeClaim: z.object({ claimName: z.string(), readOnly: bool }).optional(),
  emptyDir: z.object({ medium: text, sizeLimit: z.union([z.string(), z.number()]).transform(String).optional() }).nullish(),
  hostPath: z.object({ path: z.string(), type: text }).optional(),
});
export const NodeSelectorTermSchema = z.object({
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
  /** Devices that it claims: by a claim that is there, or one that is made for it. */
  resourceClaims: list(z.object({ name: z.string(), resourceClaimName: text, resourceClaimTemplateName: text })),
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
  enableServiceLinks: bool,
  hostNetwork: bool,
  dnsPolicy: text,
  terminationGracePeriodSeconds: int,
});
export type PodSpec = z.output<typeof PodSpecSchema>;
export const TemplateSchema = z.object({
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
export const ContainerStatusSchema = z.object({
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
