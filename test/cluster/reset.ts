import { applyAddons } from './addons.ts';
import { Api, type Obj } from './api.ts';
import { type Baseline, OWN_NAMESPACES, content, isOwned, isStanding, keyOf, loadBaseline } from './baseline.ts';
import { exclusively } from './cluster.ts';
import { dnsAnswers } from './health.ts';
import { type Instance, instanceId, loadInstance } from './instance.ts';
import { type Kind, kindsOf, pathOf } from './kinds.ts';
import { stopKwok } from './kwok.ts';
import { NODE } from './pki.ts';
import { revive } from './processes.ts';
import { until } from './run.ts';

const NOW = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
const MERGE = 'application/merge-patch+json';
/** What can refuse or delay the removal of the rest goes first. */
const FIRST = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'validatingadmissionpolicybindings', 'apiservices'];

/** Back to an empty cluster: what tests made is gone, and what the cluster has of its own is as it was. @returns seconds taken. */
export async function reset(id = instanceId()): Promise<number> {
  return exclusively(id, async () => {
    const instance = loadInstance(id);
    if (instance === undefined) throw new Error('No cluster is running. Start one first: npm run cluster -- up');
    const begun = Date.now();
    for (let cluster = 0; cluster < instance.clusters; cluster++) await stopKwok(instance, cluster);
    revive(instance.dir);
    await Promise.all(Array.from({ length: instance.clusters }, (_, cluster) => resetOne(instance, cluster)));
    return (Date.now() - begun) / 1000;
  });
}

async function resetOne(instance: Instance, cluster: number): Promise<void> {
  const api = new Api(instance, cluster);
  try {
    const baseline = loadBaseline(instance, cluster);
    if (!(await until(async () => (await api.call('GET', '/readyz').catch(() => ({ status: 0 }))).status === 200, 30_000, 200)))
      throw new Error(`The API server of cluster ${cluster + 1} does not answer.`);
    let left: string[] = [];
    const empty = await until(async () => (left = await removeForeign(api, baseline)).length === 0, 60_000, 100);
    if (!empty) throw new Error(`These do not go away: ${left.slice(0, 10).join(', ')}.`);
    const changed = await restore(api, baseline);
    if (cluster > 0) return;
    await restoreNode(api, baseline);
    if (baseline.size === 0) await applyAddons(api, instance);
    await awaitDns(api, changed);
  } finally {
    api.close();
  }
}

/** One round: deletes what does not belong. @returns what was still there. */
async function removeForeign(api: Api, baseline: Baseline): Promise<string[]> {
  const all = (await kindsOf(api)).sort((a, b) => Number(FIRST.includes(b.resource)) - Number(FIRST.includes(a.resource)));
  const left: string[] = [];
  const remove = async (kind: Kind) => {
    const foreign = (await api.list(`${kind.group}/${kind.resource}`)).filter((o) => isForeign(kind, o, baseline));
    left.push(...foreign.map((o) => keyOf(kind, o)));
    await removeThese(api, kind, foreign);
  };
  for (const kind of all.filter((k) => FIRST.includes(k.resource))) await remove(kind);
  await Promise.all(all.filter((k) => !FIRST.includes(k.resource)).map(remove));
  return left;
}

/** Neither there at the start nor made by the cluster itself. In kube-system, what a controller owns goes with its owner. */
export function isForeign(kind: Kind, object: Obj, baseline: Baseline): boolean {
  const { name, namespace } = object.metadata;
  if (kind.resource === 'nodes' && name === NODE && (baseline.size === 0 || baseline.has(keyOf(kind, object)))) return false;
  if (baseline.has(keyOf(kind, object))) return false;
  if (namespace !== undefined && !OWN_NAMESPACES.has(namespace)) return true;
  if (isStanding(kind, object)) return false;
  if (namespace?.startsWith('kube-') !== true) return true;
  // Without a baseline there is no telling what of kube-system is ours; then it is left alone.
  return baseline.size > 0 && !isOwned(object);
}

async function removeThese(api: Api, kind: Kind, foreign: readonly Obj[]): Promise<void> {
  const stuck = foreign.filter((o) => (o.metadata.finalizers ?? []).length > 0);
  await Promise.all(stuck.map((o) => api.call('PATCH', placeOf(kind, o), { metadata: { finalizers: null } }, MERGE)));
  const namespaces = new Set(foreign.map((o) => o.metadata.namespace));
  await Promise.all(
    [...namespaces].map(async (namespace) => {
      const these = foreign.filter((o) => o.metadata.namespace === namespace);
      const whole = kind.wholesale && these.length > 10 && namespace !== undefined && !OWN_NAMESPACES.has(namespace);
      if (whole) await api.call('DELETE', pathOf(kind, namespace), NOW);
      else await Promise.all(these.map((o) => api.call('DELETE', placeOf(kind, o), NOW)));
    }),
  );
}

const placeOf = (kind: Kind, { metadata }: Obj) => `${pathOf(kind, metadata.namespace)}/${metadata.name}`;

/** Puts back what was removed or changed of the cluster's own. @returns the keys. */
async function restore(api: Api, baseline: Baseline): Promise<string[]> {
  const kinds = await kindsOf(api);
  const changed = await Promise.all(
    kinds
      .filter((k) => k.resource !== 'nodes')
      .map(async (kind) => {
        const found = new Map((await api.list(`${kind.group}/${kind.resource}`)).map((o) => [keyOf(kind, o), o]));
        const prefix = `${kind.group}/${kind.resource}/`;
        const wrong = [...baseline].filter(([key, was]) => {
          if (!key.startsWith(prefix)) return false;
          const is = found.get(key);
          if (is === undefined) return true;
          // The rules of an aggregated role are written by a controller, from roles that are restored themselves.
          return was['aggregationRule'] === undefined && content(is) !== content(was);
        });
        for (const [key, was] of wrong) await putBack(api, kind, was, found.get(key));
        return wrong.map(([key]) => key);
      }),
  );
  return changed.flat();
}

async function putBack(api: Api, kind: Kind, was: Obj, is: Obj | undefined): Promise<void> {
  const { uid: _uid, resourceVersion: _version, ...metadata } = was.metadata as Obj['metadata'] & { uid?: string };
  const fresh = { ...was, metadata };
  if (is !== undefined) {
    const replaced = await api.call('PUT', placeOf(kind, was), {
      ...fresh,
      metadata: { ...metadata, resourceVersion: is.metadata.resourceVersion },
    });
    if (replaced.status < 300) return;
    // Some fields cannot be changed back, such as a roleRef or a clusterIP.
    await api.call('DELETE', placeOf(kind, was), NOW);
  }
  const { status, body } = await api.call('POST', pathOf(kind, was.metadata.namespace), fresh);
  if (status >= 300 && status !== 409)
    throw new Error(`${kind.kind} ${was.metadata.name} could not be put back: ${String(body['message'])}`);
}

/** Labels, annotations, taints, the cordon, and resources somebody gave the node. */
async function restoreNode(api: Api, baseline: Baseline): Promise<void> {
  const path = `/api/v1/nodes/${NODE}`;
  const { body } = await api.call('GET', path);
  const node = body as unknown as Obj & { status?: { capacity?: Record<string, string> } };
  const was = baseline.get(`/api/v1/nodes//${NODE}`);
  const labels = {
    ...without(node.metadata.labels, was?.metadata.labels, /kubernetes\.io\//),
    disk: 'ssd',
    'topology.kubernetes.io/zone': 'zone-a',
  };
  const annotations = without(node.metadata.annotations, was?.metadata.annotations, /kubernetes\.io\//);
  const metadata = { labels: { ...labels, ...was?.metadata.labels }, annotations: { ...annotations } };
  await api.call('PATCH', path, { metadata, spec: { unschedulable: null, taints: null } }, MERGE);
  const given = Object.keys(node.status?.capacity ?? {}).filter((k) => !/^(cpu|memory|pods|ephemeral-storage|hugepages-.*)$/.test(k));
  const none = Object.fromEntries(given.map((k) => [k, null]));
  if (given.length > 0) await api.call('PATCH', `${path}/status`, { status: { capacity: none, allocatable: none } }, MERGE);
}

/** Nulls, as a merge patch wants them, for what was not there at the start (where that is unknown: for what is not the cluster's). */
function without(is: Record<string, string> = {}, was: Record<string, string> | undefined, own: RegExp): Record<string, string | null> {
  const extra = Object.keys(is).filter((k) => (was === undefined ? !own.test(k) : was[k] === undefined));
  return Object.fromEntries(extra.map((k) => [k, null]));
}

/** CoreDNS may be in a back-off, or read its old configuration for a while yet; a new pod does neither. */
async function awaitDns(api: Api, changed: readonly string[]): Promise<void> {
  const touched = changed.some((key) => key.includes('/kube-system/coredns'));
  if (!touched && (await until(() => dnsAnswers(api), 1_000, 100))) return;
  await api.call('DELETE', '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dcoredns', NOW);
  if (!(await until(() => dnsAnswers(api), 30_000, 100))) throw new Error('CoreDNS does not answer after the reset.');
}
