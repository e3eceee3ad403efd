import { applyAddons } from './addons.ts';
import { Api, type Obj } from './api.ts';
import { instanceId, loadInstance } from './instance.ts';
import { NODE } from './pki.ts';
import { until } from './run.ts';

const OWN_NAMESPACES = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
/** Cluster-scoped kinds that tests make; what the cluster itself has in them is kept by name. */
const CLUSTER_WIDE: readonly (readonly [path: string, keep: (object: Obj) => boolean])[] = [
  ['/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', () => false],
  ['/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', () => false],
  [
    '/apis/apiregistration.k8s.io/v1/apiservices',
    (o) => o.metadata.labels?.['kube-aggregator.kubernetes.io/automanaged'] !== undefined || o.metadata.name === 'v1beta1.metrics.k8s.io',
  ],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', () => false],
  ['/api/v1/persistentvolumes', () => false],
  ['/apis/storage.k8s.io/v1/storageclasses', () => false],
  ['/apis/scheduling.k8s.io/v1/priorityclasses', (o) => o.metadata.name.startsWith('system-')],
  ['/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', system],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', system],
  ['/apis/networking.k8s.io/v1/ingressclasses', () => false],
  ['/api/v1/nodes', (o) => o.metadata.name === NODE],
];
const NAMESPACED = [
  '/apis/apps/v1#deployments',
  '/apis/apps/v1#statefulsets',
  '/apis/apps/v1#daemonsets',
  '/apis/apps/v1#replicasets',
  '/apis/batch/v1#cronjobs',
  '/apis/batch/v1#jobs',
  '/api/v1#pods',
  '/api/v1#services',
  '/api/v1#configmaps',
  '/api/v1#secrets',
  '/api/v1#persistentvolumeclaims',
  '/api/v1#resourcequotas',
  '/api/v1#limitranges',
  '/api/v1#serviceaccounts',
  '/apis/networking.k8s.io/v1#ingresses',
  '/apis/networking.k8s.io/v1#networkpolicies',
  '/apis/policy/v1#poddisruptionbudgets',
  '/apis/autoscaling/v2#horizontalpodautoscalers',
  '/apis/rbac.authorization.k8s.io/v1#roles',
  '/apis/rbac.authorization.k8s.io/v1#rolebindings',
  '/api/v1#events',
];
const OWN_OBJECTS = new Set(['kubernetes', 'kube-root-ca.crt', 'default']);

function system(object: Obj): boolean {
  const { labels, name } = object.metadata;
  return labels?.['kubernetes.io/bootstrapping'] !== undefined || name.startsWith('system:') || name.startsWith('quarterdeck:');
}

/** Back to an empty cluster: what tests made is gone, kube-system and the node are as they were. @returns seconds taken. */
export async function reset(id = instanceId()): Promise<number> {
  const instance = loadInstance(id);
  if (instance === undefined) throw new Error('No cluster is running. Start one first: npm run cluster -- up');
  const begun = Date.now();
  for (let cluster = 0; cluster < instance.clusters; cluster++) {
    const api = new Api(instance, cluster);
    try {
      await empty(api, cluster === 0);
      if (cluster === 0) await applyAddons(api, instance);
    } finally {
      api.close();
    }
  }
  return (Date.now() - begun) / 1000;
}

async function empty(api: Api, withNode: boolean): Promise<void> {
  const now = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
  for (const [path, keep] of CLUSTER_WIDE.slice(0, 4)) await removeAll(api, path, keep);
  const namespaces = () => api.list('/api/v1/namespaces').then((all) => all.filter((n) => !OWN_NAMESPACES.has(n.metadata.name)));
  const doomed = await namespaces();
  await Promise.all(doomed.map((n) => api.call('DELETE', `/api/v1/namespaces/${n.metadata.name}`, now)));
  for (const kind of NAMESPACED) {
    const [group = '', resource = ''] = kind.split('#');
    const all = await api.list(`${group}/${resource}`);
    const wanted = all.filter((o) => {
      const { namespace = '', name } = o.metadata;
      return namespace === 'default' ? !OWN_OBJECTS.has(name) : !OWN_NAMESPACES.has(namespace);
    });
    await Promise.all(
      wanted.map(async (o) => {
        const path = `${group}/namespaces/${o.metadata.namespace ?? ''}/${resource}/${o.metadata.name}`;
        if ((o.metadata.finalizers ?? []).length > 0)
          await api.call('PATCH', path, { metadata: { finalizers: null } }, 'application/merge-patch+json');
        await api.call('DELETE', path, now);
      }),
    );
  }
  for (const [path, keep] of CLUSTER_WIDE.slice(4)) await removeAll(api, path, keep);
  if (withNode) await restoreNode(api);
  const gone = await until(async () => (await namespaces()).length === 0, 60_000, 200);
  if (!gone) throw new Error(`These namespaces do not end: ${(await namespaces()).map((n) => n.metadata.name).join(', ')}.`);
}

async function removeAll(api: Api, path: string, keep: (object: Obj) => boolean): Promise<void> {
  for (const object of await api.list(path)) {
    if (keep(object)) continue;
    const own = `${path}/${object.metadata.name}`;
    if ((object.metadata.finalizers ?? []).length > 0)
      await api.call('PATCH', own, { metadata: { finalizers: null } }, 'application/merge-patch+json');
    await api.call('DELETE', own, { gracePeriodSeconds: 0 });
  }
}

const OWN_LABELS = /^(kubernetes\.io|beta\.kubernetes\.io)\/|^(disk|topology\.kubernetes\.io\/zone)$/;

async function restoreNode(api: Api): Promise<void> {
  const { body } = await api.call('GET', `/api/v1/nodes/${NODE}`);
  const labels = (body['metadata'] as { labels?: Record<string, string> }).labels ?? {};
  const extra = Object.fromEntries(
    Object.keys(labels)
      .filter((k) => !OWN_LABELS.test(k))
      .map((k) => [k, null]),
  );
  await api.call(
    'PATCH',
    `/api/v1/nodes/${NODE}`,
    {
      metadata: { labels: { ...extra, disk: 'ssd', 'topology.kubernetes.io/zone': 'zone-a' } },
      spec: { unschedulable: null, taints: null },
    },
    'application/merge-patch+json',
  );
}
