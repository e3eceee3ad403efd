import { Resolver } from 'node:dns/promises';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { applyAddons } from './addons.ts';
import { Api, type Obj } from './api.ts';
import { build } from './build.ts';
import { awaitApi, startApiServer, startControllers, startEtcd } from './control-plane.ts';
import {
  type Instance,
  MOST_CLUSTERS,
  chooseSlot,
  contextName,
  instanceId,
  kubeconfigPath,
  loadInstance,
  saveInstance,
  stateRoot,
} from './instance.ts';
import { makeNetwork, removeNetwork } from './network.ts';
import { importImage, killContainers, removeCgroups, startNode, unmountAll } from './node.ts';
import { NODE, makeCertificates, writeKubeconfig } from './pki.ts';
import { isRunning, recorded, say, stop, until } from './run.ts';

export interface ClusterStatus {
  readonly instance: string;
  readonly kubeconfig: string;
  readonly contexts: readonly string[];
  readonly ready: boolean;
  /** Programs that should run and whether they do. */
  readonly programs: Readonly<Record<string, boolean>>;
  readonly logs: string;
}

/** What the instance of this checkout has, without changing anything. */
export async function clusterStatus(id = instanceId()): Promise<ClusterStatus> {
  const instance = loadInstance(id);
  if (instance === undefined) return { instance: id, kubeconfig: '', contexts: [], ready: false, programs: {}, logs: '' };
  const programs = Object.fromEntries(recorded(instance.dir).map((name) => [name, isRunning(instance.dir, name)]));
  const up = Object.keys(programs).length > 0 && Object.values(programs).every(Boolean);
  return {
    instance: id,
    kubeconfig: kubeconfigPath(instance),
    contexts: Array.from({ length: instance.clusters }, (_, i) => contextName(id, i)),
    ready: up && (await nodeReady(instance)),
    programs,
    logs: join(instance.dir, 'logs'),
  };
}

async function nodeReady(instance: Instance): Promise<boolean> {
  const api = new Api(instance);
  try {
    const { status, body } = await api.call('GET', `/api/v1/nodes/${NODE}`);
    const conditions = (body['status'] as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
    return status === 200 && conditions.some((c) => c.type === 'Ready' && c.status === 'True');
  } catch {
    return false;
  } finally {
    api.close();
  }
}

/** Builds what is missing and starts the clusters; what runs already is left alone. Resolves when DNS answers. */
export async function up(clusters = 1, id = instanceId()): Promise<ClusterStatus> {
  if (process.getuid?.() !== 0)
    throw new Error(
      'A test cluster needs root: it makes a network namespace, mounts and control groups. Run it as root, for example with sudo.',
    );
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > MOST_CLUSTERS)
    throw new Error(`--clusters takes a number from 1 to ${MOST_CLUSTERS}.`);
  await build();
  const begun = Date.now();
  const running = await clusterStatus(id);
  if (running.ready && running.contexts.length >= clusters) return running;
  await down(id);
  const slots = new Set(allInstances().map((i) => i.slot));
  const instance: Instance = { id, dir: join(stateRoot(), id), slot: await chooseSlot(slots), clusters };
  saveInstance(instance);
  makeCertificates(instance);
  writeKubeconfig(instance);
  makeNetwork(instance);
  say('starting etcd and the control plane');
  await startEtcd(instance);
  for (let i = 0; i < clusters; i++) await startApiServer(instance, i);
  const [api] = await Promise.all(Array.from({ length: clusters }, (_, i) => awaitApi(instance, i)));
  if (api === undefined) throw new Error('no control plane was started');
  for (let i = 0; i < clusters; i++) startControllers(instance, i);
  say('starting the node');
  await startNode(instance);
  if (!(await until(() => nodeReady(instance), 60_000, 200)))
    throw new Error(`The node was not Ready within 60 s; see ${join(instance.dir, 'logs', 'kubelet.log')}.`);
  say('starting CoreDNS and metrics-server');
  await applyAddons(api, instance);
  if (!(await until(() => dnsAnswers(api), 60_000, 200)))
    throw new Error(`CoreDNS did not answer within 60 s; see the pods of kube-system and ${join(instance.dir, 'logs')}.`);
  say(`ready after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  api.close();
  return clusterStatus(id);
}

/** A real answer for the API's own name, from CoreDNS. */
async function dnsAnswers(api: Api): Promise<boolean> {
  const pods = await api.list<Obj & { status?: { podIP?: string } }>('/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dcoredns');
  const address = pods.find((p) => p.status?.podIP !== undefined)?.status?.podIP;
  if (address === undefined) return false;
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([address]);
  return resolver.resolve4('kubernetes.default.svc.cluster.local').then(
    (found) => found[0] === '10.96.0.1',
    () => false,
  );
}

export function allInstances(): Instance[] {
  if (!existsSync(stateRoot())) return [];
  return readdirSync(stateRoot()).flatMap((id) => loadInstance(id) ?? []);
}

/** Ends everything of the instance, also what a killed predecessor left, and removes its folder. Doing it twice is fine. */
export async function down(id = instanceId()): Promise<void> {
  const instance = loadInstance(id);
  if (instance === undefined) return;
  const names = recorded(instance.dir);
  await Promise.all(names.filter((n) => ['kubelet', 'kube-proxy'].includes(n)).map((n) => stop(instance.dir, n)));
  await killContainers(instance);
  await Promise.all(names.filter((n) => n !== 'etcd').map((n) => stop(instance.dir, n)));
  await stop(instance.dir, 'etcd');
  await killContainers(instance);
  unmountAll(instance);
  removeNetwork(instance);
  await removeCgroups(instance);
  rmSync(instance.dir, { recursive: true, force: true });
}

export function load(tar: string, id = instanceId()): void {
  const instance = loadInstance(id);
  if (instance === undefined) throw new Error('No cluster is running. Start one first: npm run cluster -- up');
  if (!existsSync(tar)) throw new Error(`There is no file ${tar}.`);
  importImage(instance, tar);
}
