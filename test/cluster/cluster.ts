import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applyAddons } from './addons.ts';
import type { Api } from './api.ts';
import { saveBaseline } from './baseline.ts';
import { build } from './build.ts';
import { awaitApi, startApiServer, startControllers, startEtcd } from './control-plane.ts';
import { takeDown } from './down.ts';
import { allRun, dnsAnswers, isWhole, nodeReady } from './health.ts';
import {
  type Instance,
  MOST_CLUSTERS,
  allInstances,
  chooseSlot,
  contextName,
  instanceId,
  kubeconfigPath,
  loadInstance,
  saveInstance,
  stateRoot,
} from './instance.ts';
import { withLock } from './lock.ts';
import { makeNetwork } from './network.ts';
import { importImage, startNode } from './node.ts';
import { makeCertificates, writeKubeconfig } from './pki.ts';
import { isRunning, recorded } from './processes.ts';
import { awaiting, interruption, say } from './run.ts';

export interface ClusterStatus {
  readonly instance: string;
  readonly kubeconfig: string;
  readonly contexts: readonly string[];
  readonly ready: boolean;
  /** Programs that should run and whether they do. */
  readonly programs: Readonly<Record<string, boolean>>;
  readonly logs: string;
}

/** One at a time for each instance: two that start it together would end each other's programs. */
export const exclusively = <T>(id: string, work: () => Promise<T>): Promise<T> => withLock(join(stateRoot(), `${id}.lock`), 180_000, work);

/** What the instance of this checkout has, without changing anything. */
export async function clusterStatus(id = instanceId()): Promise<ClusterStatus> {
  const instance = loadInstance(id);
  if (instance === undefined) return { instance: id, kubeconfig: '', contexts: [], ready: false, programs: {}, logs: '' };
  const programs = Object.fromEntries(recorded(instance.dir).map((name) => [name, isRunning(instance.dir, name)]));
  return {
    instance: id,
    kubeconfig: kubeconfigPath(instance),
    contexts: Array.from({ length: instance.clusters }, (_, i) => contextName(id, i)),
    ready: allRun(programs) && (await isWhole(instance)) && (await nodeReady(instance)),
    programs,
    logs: join(instance.dir, 'logs'),
  };
}

/** @throws with the reason why nothing can be started. */
export function refuse(uid: number | undefined, platform: string, clusters: number): void {
  if (platform !== 'linux') throw new Error(`A test cluster needs Linux; this is ${platform}.`);
  if (uid !== 0)
    throw new Error(
      'A test cluster needs root: it makes a network namespace, mounts and control groups. Run it as root, for example with sudo.',
    );
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > MOST_CLUSTERS)
    throw new Error(`--clusters takes a number from 1 to ${MOST_CLUSTERS}.`);
}

/** Builds what is missing and starts the clusters; what runs already is left alone. Resolves when DNS answers. */
export async function up(clusters = 1, id = instanceId()): Promise<ClusterStatus> {
  refuse(process.getuid?.(), process.platform, clusters);
  await build();
  return exclusively(id, async () => {
    const known = loadInstance(id);
    const running = await clusterStatus(id);
    // A node that is not Ready this moment (a test may have halted its kubelet) is no reason to take everything down.
    const keep = async (instance: Instance) => (await isWhole(instance)) && (await awaiting(() => nodeReady(instance), 20_000, 200));
    if (known !== undefined && allRun(running.programs) && (await keep(known))) await grow(known, clusters);
    else await startFresh(id, clusters);
    return clusterStatus(id);
  });
}

async function startFresh(id: string, clusters: number): Promise<void> {
  const begun = Date.now();
  await takeDown(id);
  try {
    const instance = await claim(id, clusters);
    makeCertificates(instance);
    writeKubeconfig(instance);
    makeNetwork(instance);
    say('starting etcd and the control plane');
    await startEtcd(instance);
    const apis = await startControlPlanes(instance, 0);
    const api = apis[0];
    if (api === undefined) throw new Error('no control plane was started');
    say('starting the node');
    await startNode(instance);
    if (!(await awaiting(() => nodeReady(instance), 60_000, 200)))
      throw new Error(`The node was not Ready within 60 s; see ${join(instance.dir, 'logs', 'kubelet.log')}.`);
    say('starting CoreDNS and metrics-server');
    await applyAddons(api, instance);
    if (!(await awaiting(() => dnsAnswers(api), 60_000, 200)))
      throw new Error(`CoreDNS did not answer within 60 s; see the pods of kube-system and ${join(instance.dir, 'logs')}.`);
    await Promise.all(apis.map((a, i) => saveBaseline(a, instance, i)));
    for (const a of apis) a.close();
  } catch (error) {
    // What failed is left as it is, for its logs; what somebody interrupted is not.
    if (interruption.signal.aborted) await takeDown(id);
    throw error;
  }
  say(`ready after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

/** A slot of its own, also when instances of several checkouts start at the same moment. */
function claim(id: string, clusters: number): Promise<Instance> {
  return withLock(join(stateRoot(), 'slots.lock'), 30_000, async () => {
    const slot = await chooseSlot(new Set(allInstances().map((i) => i.slot)));
    const instance: Instance = { id, dir: join(stateRoot(), id), slot, clusters };
    saveInstance(instance);
    return instance;
  });
}

/** Control planes beside those that run; nobody who uses those notices. */
async function grow(instance: Instance, clusters: number): Promise<void> {
  if (clusters <= instance.clusters) return;
  const larger: Instance = { ...instance, clusters };
  saveInstance(larger);
  const apis = await startControlPlanes(larger, instance.clusters);
  await Promise.all(apis.map((a, i) => saveBaseline(a, larger, instance.clusters + i)));
  for (const a of apis) a.close();
  writeKubeconfig(larger);
}

async function startControlPlanes(instance: Instance, from: number): Promise<Api[]> {
  const numbers = Array.from({ length: instance.clusters - from }, (_, i) => from + i);
  for (const n of numbers) await startApiServer(instance, n);
  const apis = await Promise.all(numbers.map((n) => awaitApi(instance, n)));
  for (const n of numbers) startControllers(instance, n);
  return apis;
}

/** Ends everything of the instance and leaves nothing behind. */
export async function down(id = instanceId()): Promise<void> {
  refuse(process.getuid?.(), process.platform, 1);
  await exclusively(id, () => takeDown(id));
}

/** Puts an image on the node. */
export function load(tar: string, id = instanceId()): void {
  const instance = loadInstance(id);
  if (instance === undefined) throw new Error('No cluster is running. Start one first: npm run cluster -- up');
  if (!existsSync(tar)) throw new Error(`There is no file ${tar}.`);
  importImage(instance, tar);
}
