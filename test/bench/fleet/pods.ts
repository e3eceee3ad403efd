/**
 * Pods as a busy cluster has them, some 6 KB each with what controllers and kubelet write: managedFields, probes, tolerations,
 * projected tokens. 100 pods an application; names, addresses and times differ as they do. Deterministic.
 */

export const PODS_A_APP = 100;
const NAMESPACES = 40;
const NODES = 200;
const BORN = Date.parse('2026-03-01T00:00:00Z');

const time = (seconds: number): string => `${new Date(BORN + seconds * 1000).toISOString().slice(0, 19)}Z`;

/** What changes of a pod while the cluster lives. */
export interface PodVersion {
  readonly resourceVersion: number;
  readonly restarts: number;
  /** Milliseconds since 1970 when the change was made; carried in an annotation, so that a reader can say how late it heard. */
  readonly at: number | undefined;
  /** Its container does not answer its probe at the moment. */
  readonly unready?: boolean;
}

function managed(manager: string, uid: string, subresource?: string): object {
  const probe = { '.': {}, 'f:failureThreshold': {}, 'f:httpGet': { '.': {}, 'f:path': {}, 'f:port': {}, 'f:scheme': {} } };
  const env = Object.fromEntries(
    ['A', 'B', 'C', 'D', 'E', 'F'].map((k) => [`k:{"name":"SETTING_${k}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
  );
  return {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: time(0),
    fieldsType: 'FieldsV1',
    ...(subresource === undefined ? {} : { subresource }),
    fieldsV1: {
      'f:metadata': {
        'f:generateName': {},
        'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {}, 'f:version': {} },
        'f:ownerReferences': { '.': {}, [`k:{"uid":"${uid}"}`]: {} },
      },
      'f:spec': {
        'f:containers': {
          'k:{"name":"app"}': {
            '.': {},
            'f:env': { '.': {}, ...env },
            'f:image': {},
            'f:livenessProbe': probe,
            'f:readinessProbe': probe,
            'f:resources': { '.': {}, 'f:limits': {}, 'f:requests': {} },
          },
        },
        'f:dnsPolicy': {},
        'f:enableServiceLinks': {},
        'f:restartPolicy': {},
        'f:schedulerName': {},
      },
    },
  };
}

/** The names and ids an application's objects share. */
export function appOf(
  cluster: number,
  app: number,
): { readonly name: string; readonly namespace: string; readonly hash: string; readonly owner: string } {
  const hash = (0x7c9d8f00 + app).toString(16);
  const owner = `${hash}-${(cluster + 16).toString(16).padStart(4, '0')}-4c8e-9d0a-000000000000`;
  return { name: `app-${app}`, namespace: `team-${app % NAMESPACES}`, hash, owner };
}

export function podOf(cluster: number, n: number, version: PodVersion): object {
  const { name: app, namespace, hash, owner } = appOf(cluster, Math.floor(n / PODS_A_APP));
  const suffix = (n * 7919 + 60_466_176).toString(36).slice(-5);
  const name = `${app}-${hash}-${suffix}`;
  const uid = `${(n + 1).toString(16).padStart(8, '0')}-${(cluster + 16).toString(16).padStart(4, '0')}-4c8e-9d0a-3b2c1d0e9f8a`;
  const born = Math.floor(n / PODS_A_APP) * 977 + (n % 60);
  const token = `kube-api-access-${suffix}`;
  const ip = `10.${(n >> 14) & 63}.${(n >> 6) & 255}.${(n & 63) + 2}`;
  const image = `images.example/${app}`;
  const probe = (path: string) => ({
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  const resources = { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } };
  const toleration = (key: string) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  });
  return {
    metadata: {
      name,
      generateName: `${app}-${hash}-`,
      namespace,
      uid,
      resourceVersion: String(version.resourceVersion),
      creationTimestamp: time(born),
      labels: { app, 'pod-template-hash': hash, version: '1.4.2' },
      annotations: { 'checksum/config': hash.repeat(8), ...(version.at === undefined ? {} : { 'bench/at': String(version.at) }) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${hash}`, uid: owner, controller: true, blockOwnerDeletion: true },
      ],
      managedFields: [managed('kube-controller-manager', owner), managed('kubelet', owner, 'status')],
    },
    spec: {
      volumes: [
        { name: 'config', configMap: { name: `${app}-config`, defaultMode: 420 } },
        {
          name: token,
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: [
        {
          name: 'app',
          image: `${image}:1.4.2`,
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          env: ['A', 'B', 'C', 'D', 'E', 'F'].map((k) => ({ name: `SETTING_${k}`, value: `value ${k} of ${app}` })),
          envFrom: [{ configMapRef: { name: `${app}-config` } }],
          resources,
          volumeMounts: [
            { name: 'config', mountPath: '/etc/app' },
            { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
          ],
          livenessProbe: probe('/healthz'),
          readinessProbe: probe('/ready'),
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      nodeName: `node-${(n * 31) % NODES}`,
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [toleration('not-ready'), toleration('unreachable')],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type, i) => ({
        type,
        status: version.unready === true && (type === 'Ready' || type === 'ContainersReady') ? 'False' : 'True',
        lastProbeTime: null,
        lastTransitionTime: time(born + [3, 1, 9, 9, 0][i]!),
      })),
      hostIP: `10.200.0.${((n * 31) % NODES) + 1}`,
      podIP: ip,
      podIPs: [{ ip }],
      startTime: time(born),
      containerStatuses: [
        {
          name: 'app',
          state: { running: { startedAt: time(born + 3 + version.restarts * 60) } },
          lastState: {},
          ready: version.unready !== true,
          restartCount: version.restarts,
          image: `${image}:1.4.2`,
          imageID: `${image}@sha256:${hash.repeat(8)}`,
          containerID: `containerd://${uid.replaceAll('-', '').repeat(2)}`,
          started: true,
          allocatedResources: { cpu: '100m', memory: '128Mi' },
          resources,
        },
      ],
      qosClass: 'Burstable',
    },
  };
}
