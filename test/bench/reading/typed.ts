import { CoreV1Api, KubeConfig, type V1Pod, type V1PodList, makeInformer } from '@kubernetes/client-node';
import { setTimeout as pause } from 'node:timers/promises';
import { heapAfterGc, longestBlock, tell } from './measure.ts';

/** The same with the typed client of @kubernetes/client-node, used as its documentation shows. */

const [task = '', kubeconfig = '', rounds = '1'] = process.argv.slice(2);
const wall = () => performance.timeOrigin + performance.now();

function client(context: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  return { config, api: config.makeApiClient(CoreV1Api) };
}

async function list(): Promise<void> {
  // Once: something in it keeps the list of the round before for a while.
  const before = await heapAfterGc();
  for (let round = 0; round < Number(rounds); round++) {
    const { api } = client('c0');
    const begun = wall();
    const { value, blockMs } = await longestBlock(() => api.listPodForAllNamespaces());
    const listMs = wall() - begun;
    const heap = (await heapAfterGc()) - before;
    // All rows come at once. What was read is still held here.
    tell({ listMs, first200Ms: listMs, blockMs, heap, pods: value.items.length });
  }
}

/** Informers, the typed client's own way to hold and watch. */
async function informers(count: number): Promise<{ objects: () => number; onUpdate: (hear: (pod: V1Pod) => void) => void }> {
  const all = Array.from({ length: count }, (_, n) => {
    const { config, api } = client(`c${n}`);
    return makeInformer(config, '/api/v1/pods', (): Promise<V1PodList> => api.listPodForAllNamespaces());
  });
  await Promise.all(all.map((informer) => informer.start()));
  return {
    objects: () => all.reduce((n, informer) => n + informer.list().length, 0),
    onUpdate: (hear) => all.forEach((informer) => informer.on('update', hear)),
  };
}

async function resident(count: number): Promise<void> {
  const before = await heapAfterGc();
  const begun = wall();
  const { value, blockMs } = await longestBlock(() => informers(count));
  const listMs = wall() - begun;
  const heap = (await heapAfterGc()) - before;
  if (value.objects() === 0) throw new Error('no pods');
  tell({ listMs, blockMs, heap });
}

async function churn(): Promise<void> {
  const held = await informers(1);
  const lags: number[] = [];
  held.onUpdate((pod) => {
    const at = pod.metadata?.annotations?.['bench/at'];
    if (at !== undefined) lags.push(wall() - Number(at));
  });
  const before = await heapAfterGc();
  tell({ ready: 1 });
  await new Promise((resolve) => process.once('message', resolve));
  await pause(500);
  const sorted = [...lags].sort((a, b) => a - b);
  lags.length = 0;
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  tell({ changes: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1), heapGrowth: (await heapAfterGc()) - before });
}

async function quiet(): Promise<void> {
  await informers(1);
  tell({ ready: 1 });
  await new Promise((resolve) => process.once('message', resolve));
}

async function reads(): Promise<void> {
  const { api } = client('c0');
  const begun = wall();
  for (let n = 0; n < 100; n++) await api.readNamespace({ name: 'kube-system' });
  const oneByOneMs = wall() - begun;
  await Promise.all(Array.from({ length: 100 }, () => api.readNamespace({ name: 'kube-system' })));
  tell({ oneByOneMs });
}

async function logins(): Promise<void> {
  const { api } = client('c0');
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => api.readNamespace({ name: 'kube-system' })));
  tell({ answered: answers.filter((a) => a.status === 'fulfilled').length });
}

function contexts(): void {
  const begun = performance.now();
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  tell({ listMs: performance.now() - begun, contexts: config.getContexts().length });
}

switch (task) {
  case 'contexts':
    contexts();
    break;
  case 'list':
    await list();
    break;
  case 'resident':
    await resident(Number(rounds));
    break;
  case 'churn':
    await churn();
    break;
  case 'quiet':
    await quiet();
    break;
  case 'reads':
    await reads();
    break;
  case 'logins':
    await logins();
    break;
}
process.exit(0);
