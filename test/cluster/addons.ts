import type { Api, Obj } from './api.ts';
import { COREDNS, METRICS } from './images.ts';
import { type Instance, netOf } from './instance.ts';

const COREFILE = `.:53 {
  errors
  health :8080
  ready :8181
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 5
  }
  cache 5
  loop
  reload 5s
}
`;

interface Placed {
  readonly path: string;
  readonly object: Obj;
}

const core = (kind: string, resource: string, name: string, rest: object): Placed => ({
  path: `/api/v1/namespaces/kube-system/${resource}`,
  object: { apiVersion: 'v1', kind, metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': name } }, ...rest },
});
const rbac = (kind: string, resource: string, name: string, rest: object): Placed => ({
  path: `/apis/rbac.authorization.k8s.io/v1/${resource}`,
  object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name }, ...rest },
});
const account = (name: string) => [{ kind: 'ServiceAccount', name, namespace: 'kube-system' }];
const role = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });

function deployment(name: string, spec: object): Placed {
  return {
    path: '/apis/apps/v1/namespaces/kube-system/deployments',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': name } },
      spec: { replicas: 1, selector: { matchLabels: { 'k8s-app': name } }, template: { metadata: { labels: { 'k8s-app': name } }, spec } },
    },
  };
}

/** What runs in kube-system of cluster 1: CoreDNS and metrics-server, the latter behind the aggregation layer. */
export function addons(instance: Instance): Placed[] {
  const { dns } = netOf(instance);
  const probe = (path: string, port: number) => ({ httpGet: { path, port }, periodSeconds: 2 });
  return [
    core('ServiceAccount', 'serviceaccounts', 'coredns', {}),
    rbac('ClusterRole', 'clusterroles', 'quarterdeck:coredns', {
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    }),
    rbac('ClusterRoleBinding', 'clusterrolebindings', 'quarterdeck:coredns', {
      subjects: account('coredns'),
      roleRef: role('quarterdeck:coredns'),
    }),
    core('ConfigMap', 'configmaps', 'coredns', { data: { Corefile: COREFILE } }),
    deployment('coredns', {
      serviceAccountName: 'coredns',
      dnsPolicy: 'Default',
      priorityClassName: 'system-cluster-critical',
      containers: [
        {
          name: 'coredns',
          image: COREDNS,
          imagePullPolicy: 'IfNotPresent',
          args: ['-conf', '/etc/coredns/Corefile'],
          ports: [
            { name: 'dns', containerPort: 53, protocol: 'UDP' },
            { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
          ],
          volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
          resources: { requests: { cpu: '50m', memory: '32Mi' } },
          readinessProbe: { ...probe('/ready', 8181), periodSeconds: 1 },
          livenessProbe: { ...probe('/health', 8080), initialDelaySeconds: 30 },
        },
      ],
      volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
    }),
    core('Service', 'services', 'kube-dns', {
      spec: {
        clusterIP: dns,
        selector: { 'k8s-app': 'coredns' },
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    }),
    core('ServiceAccount', 'serviceaccounts', 'metrics-server', {}),
    rbac('ClusterRole', 'clusterroles', 'quarterdeck:metrics-server', {
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    }),
    rbac('ClusterRoleBinding', 'clusterrolebindings', 'quarterdeck:metrics-server', {
      subjects: account('metrics-server'),
      roleRef: role('quarterdeck:metrics-server'),
    }),
    rbac('ClusterRoleBinding', 'clusterrolebindings', 'quarterdeck:metrics-server-delegator', {
      subjects: account('metrics-server'),
      roleRef: role('system:auth-delegator'),
    }),
    {
      path: '/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings',
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'metrics-server-auth-reader', namespace: 'kube-system' },
        subjects: account('metrics-server'),
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'extension-apiserver-authentication-reader' },
      },
    },
    deployment('metrics-server', {
      serviceAccountName: 'metrics-server',
      priorityClassName: 'system-cluster-critical',
      containers: [
        {
          name: 'metrics-server',
          image: METRICS,
          imagePullPolicy: 'IfNotPresent',
          args: [
            '--cert-dir=/tmp',
            '--secure-port=10250',
            '--kubelet-insecure-tls',
            '--kubelet-preferred-address-types=InternalIP',
            '--kubelet-use-node-status-port',
            '--metric-resolution=15s',
          ],
          ports: [{ name: 'https', containerPort: 10250 }],
          resources: { requests: { cpu: '50m', memory: '64Mi' } },
          readinessProbe: {
            httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' },
            periodSeconds: 3,
            initialDelaySeconds: 10,
            failureThreshold: 20,
          },
        },
      ],
    }),
    core('Service', 'services', 'metrics-server', {
      spec: { selector: { 'k8s-app': 'metrics-server' }, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
    }),
    {
      path: '/apis/apiregistration.k8s.io/v1/apiservices',
      object: {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          service: { name: 'metrics-server', namespace: 'kube-system' },
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          insecureSkipTLSVerify: true,
          groupPriorityMinimum: 100,
          versionPriority: 100,
        },
      },
    },
  ];
}

export async function applyAddons(api: Api, instance: Instance): Promise<void> {
  for (const { path, object } of addons(instance)) await api.apply(path, object);
}
