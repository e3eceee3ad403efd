import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Api, type Obj } from './api.ts';
import { program } from './build.ts';
import { type Instance, contextName, instanceId, loadInstance, portsOf } from './instance.ts';
import { STAGES } from './kwok-stages.ts';
import { componentKubeconfig } from './pki.ts';
import { isRunning, start, stop } from './processes.ts';
import { until } from './run.ts';

/** Fake nodes and pods by the thousand, on any of an instance's clusters: the API server's objects are real, nothing runs. */

export interface KwokOptions {
  readonly nodes: number;
  readonly pods?: number;
  /** Context name; the first cluster without it. */
  readonly context?: string;
  readonly instance?: string;
}

export interface KwokResult {
  readonly context: string;
  readonly nodes: number;
  readonly pods: number;
  readonly seconds: number;
}

export const FAKE_NAMESPACE = 'fake';
/** Real pods are kept off fake nodes by this taint, where there are real nodes. */
const TAINT = { key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' };
const POD_ADDRESSES = '10.224.0.0/12';
const PODS_A_NODE = 110;
const PODS_A_DEPLOYMENT = 100;

/** Adds up to so many fake nodes and pods; resolves when all of them are Ready. */
export async function startKwok(options: KwokOptions): Promise<KwokResult> {
  const begun = Date.now();
  const { nodes, pods = 0 } = options;
  if (!Number.isInteger(nodes) || nodes < 1) throw new Error('--nodes takes a number from 1.');
  if (!Number.isInteger(pods) || pods < 0) throw new Error('--pods takes a number from 0.');
  if (pods > nodes * PODS_A_NODE) throw new Error(`${nodes} nodes hold ${nodes * PODS_A_NODE} pods (${PODS_A_NODE} each), not ${pods}.`);
  const instance = loadInstance(options.instance ?? instanceId());
  if (instance === undefined) throw new Error('No cluster is running. Start one first: npm run cluster -- up');
  const cluster = clusterOf(instance, options.context);
  startProgram(instance, cluster);
  const api = new Api(instance, cluster);
  try {
    await Promise.all(Array.from({ length: nodes }, (_, i) => api.apply('/api/v1/nodes', fakeNode(i + 1, cluster === 0))));
    const limit = 60_000 + (nodes + pods) * 100;
    if (!(await until(async () => (await readyNodes(api)) >= nodes, limit, 500)))
      throw new Error(
        `${await readyNodes(api)} of ${nodes} fake nodes were Ready in time; see ${join(instance.dir, 'logs', programName(cluster))}.log.`,
      );
    if (pods > 0) await addPods(api, pods, limit);
  } finally {
    api.close();
  }
  return { context: contextName(instance.id, cluster), nodes, pods, seconds: (Date.now() - begun) / 1000 };
}

/** Ends kwok for a cluster; its objects stay and are soon NotReady. */
export const stopKwok = (instance: Instance, cluster: number): Promise<void> => stop(instance.dir, programName(cluster));

const programName = (cluster: number) => `kwok-${cluster + 1}`;

function clusterOf(instance: Instance, context: string | undefined): number {
  const names = Array.from({ length: instance.clusters }, (_, i) => contextName(instance.id, i));
  const found = context === undefined ? 0 : names.indexOf(context);
  if (found < 0) throw new Error(`There is no context ${context ?? ''}; there are ${names.join(', ')}.`);
  return found;
}

function startProgram(instance: Instance, cluster: number): void {
  const name = programName(cluster);
  if (isRunning(instance.dir, name)) return;
  const folder = join(instance.dir, 'kwok');
  mkdirSync(folder, { recursive: true });
  const stages = STAGES.map((stage) => {
    const file = join(folder, `${stage.metadata.name}.yaml`);
    writeFileSync(file, stringify(stage));
    return `--config=${file}`;
  });
  start(instance.dir, name, [
    program('kwok', 'kwok'),
    `--kubeconfig=${componentKubeconfig(instance, cluster, 'admin', '127.0.0.1')}`,
    '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
    '--node-lease-duration-seconds=40',
    `--cidr=${POD_ADDRESSES}`,
    `--server-address=127.0.0.1:${portsOf(instance).kwok(cluster)}`,
    ...stages,
  ]);
}

function fakeNode(number: number, tainted: boolean): Obj {
  const name = `fake-${number}`;
  const resources = { cpu: '32', memory: '256Gi', pods: String(PODS_A_NODE), 'ephemeral-storage': '500Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        type: 'kwok',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': `zone-${'abc'.charAt(number % 3)}`,
      },
    },
    spec: tainted ? { taints: [TAINT] } : {},
    status: { capacity: resources, allocatable: resources },
  };
}

async function readyNodes(api: Api): Promise<number> {
  const nodes = await api.list<Obj & { status?: { conditions?: { type: string; status: string }[] } }>(
    '/api/v1/nodes?labelSelector=type%3Dkwok',
  );
  return nodes.filter((n) => (n.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True')).length;
}

async function addPods(api: Api, pods: number, limit: number): Promise<void> {
  await api.apply('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: FAKE_NAMESPACE } });
  const path = `/apis/apps/v1/namespaces/${FAKE_NAMESPACE}/deployments`;
  const sizes = Array.from({ length: Math.ceil(pods / PODS_A_DEPLOYMENT) }, (_, i) =>
    Math.min(PODS_A_DEPLOYMENT, pods - i * PODS_A_DEPLOYMENT),
  );
  await Promise.all(sizes.map((size, i) => api.apply(path, fakeDeployment(`fake-${i + 1}`, size))));
  const ready = async () =>
    (await api.list<Obj & { status?: { readyReplicas?: number } }>(path)).reduce((sum, d) => sum + (d.status?.readyReplicas ?? 0), 0);
  if (!(await until(async () => (await ready()) >= pods, limit, 500)))
    throw new Error(`${await ready()} of ${pods} fake pods were Ready in time.`);
}

function fakeDeployment(name: string, replicas: number): Obj {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: FAKE_NAMESPACE, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeSelector: { type: 'kwok' },
          tolerations: [{ key: TAINT.key, operator: 'Exists' }],
          automountServiceAccountToken: false,
          containers: [{ name: 'app', image: 'quarterdeck/workload:1', resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
        },
      },
    },
  };
}
