import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Obj } from './api.ts';
import { cgroupTree } from './cgroups.ts';
import { clusterStatus, down, up } from './cluster.ts';
import { mountsBelow } from './down.ts';
import { dnsAnswers } from './health.ts';
import { type Instance, loadInstance, netOf, stateRoot } from './instance.ts';
import { startKwok } from './kwok.ts';
import { marked, send } from './processes.ts';
import { reset } from './reset.ts';
import { must, until } from './run.ts';

const ONE = 'qdtest1';
const TWO = 'qdtest2';
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: the test clusters need root.\n');

const instanceOf = (id: string): Instance => {
  const found = loadInstance(id);
  if (found === undefined) throw new Error(`${id} is not there`);
  return found;
};

/** What the machine has of these instances; those of others come and go meanwhile. */
function traces(...ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    const dir = join(stateRoot(), id);
    const { cgroup, netns, hostLink } = netOf({ id, slot: 0 });
    return [
      ...marked(dir).map((pid) => `process ${pid}`),
      ...cgroupTree(cgroup).map((g) => `cgroup ${g}`),
      ...mountsBelow(dir).map((m) => `mount ${m}`),
      ...(existsSync(`/run/netns/${netns}`) ? [`network namespace ${netns}`] : []),
      ...(existsSync(`/sys/class/net/${hostLink}`) ? [`link ${hostLink}`] : []),
      ...(existsSync(dir) ? [`folder ${dir}`] : []),
    ];
  });
}

/** The host's own rules, links and folders; counters and what belongs to instances of others left out. */
const host = () => ({
  rules: must('iptables-save')
    .split('\n')
    .filter((l) => l.startsWith('-A')),
  links: readdirSync('/sys/class/net').filter((l) => !l.startsWith('qd')),
  mounts: readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((l) => !l.includes(stateRoot()) && !l.includes('/netns/')),
});

const pod = (name: string, args: string[]): Obj => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'app', image: 'quarterdeck/workload:1', imagePullPolicy: 'IfNotPresent', args }],
  },
});

type PodStatus = Obj & {
  metadata: { uid?: string };
  status?: { phase?: string; podIP?: string; containerStatuses?: { restartCount: number }[] };
};
const read = async (api: Api, name: string) =>
  (await api.call('GET', `/api/v1/namespaces/default/pods/${name}`)).body as unknown as PodStatus;
const logOf = async (api: Api, name: string) =>
  String((await api.call('GET', `/api/v1/namespaces/default/pods/${name}/log?tailLines=20`)).body['text'] ?? '');

async function expectReady(id: string): Promise<void> {
  const status = await clusterStatus(id);
  expect(status).toMatchObject({ ready: true, contexts: [`qd-${id}-1`] });
  expect(existsSync(status.kubeconfig)).toBe(true);
  const api = new Api(instanceOf(id));
  expect(await until(() => dnsAnswers(api), 5_000)).toBe(true);
  api.close();
}

describe.skipIf(!isRoot)('the test clusters', () => {
  let before: ReturnType<typeof host>;
  let api: Api;

  beforeAll(async () => {
    await down(ONE);
    await down(TWO);
    before = host();
    const begun = Date.now();
    await up(1, ONE);
    process.stderr.write(`up in ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
    api = new Api(instanceOf(ONE));
  });

  afterAll(async () => {
    api.close();
    await down(ONE);
    await down(TWO);
  });

  it('is Ready, answers DNS, and runs pods that reach each other by the name of a Service', async () => {
    await expectReady(ONE);
    // Its shims are in its own folder, not in the one that all of the machine share.
    expect(readdirSync(join(instanceOf(ONE).dir, 'own/run/containerd/s')).length).toBeGreaterThan(0);
    await api.apply('/api/v1/namespaces/default/pods', pod('web', ['serve']));
    await api.apply('/api/v1/namespaces/default/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await api.apply('/api/v1/namespaces/default/pods', pod('client', ['http', 'http://web.default.svc.cluster.local/']));
    expect(await until(async () => (await logOf(api, 'client')).includes('hello from web'), 40_000, 500)).toBe(true);
  });

  it('refuses a registry that is not there at once', async () => {
    const lost = pod('lost', []);
    (lost['spec'] as { containers: { image: string }[] }).containers[0]!.image = '192.0.2.10:5000/none:1';
    await api.apply('/api/v1/namespaces/default/pods', lost);
    const failed = async () => JSON.stringify((await read(api, 'lost')).status ?? {}).includes('ErrImagePull');
    expect(await until(failed, 10_000, 200)).toBe(true);
  });

  it('runs a second instance beside the first, and neither notices the other', async () => {
    const { uid } = (await read(api, 'web')).metadata;
    await up(1, TWO);
    await expectReady(TWO);
    await expectReady(ONE);
    const other = new Api(instanceOf(TWO));
    expect((await other.list('/api/v1/namespaces/default/pods')).length).toBe(0);
    other.close();
    await down(TWO);
    await expectReady(ONE);
    const web = await read(api, 'web');
    expect([web.metadata.uid, web.status?.phase, web.status?.containerStatuses?.[0]?.restartCount]).toEqual([uid, 'Running', 0]);
  });

  it('adds a control plane without ending what runs, and fills it with fake nodes and pods', async () => {
    const { uid } = (await read(api, 'web')).metadata;
    const status = await up(2, ONE);
    expect(status).toMatchObject({ ready: true, contexts: [`qd-${ONE}-1`, `qd-${ONE}-2`] });
    expect((await read(api, 'web')).metadata.uid).toBe(uid);
    const filled = await startKwok({ nodes: 5, pods: 40, context: `qd-${ONE}-2`, instance: ONE });
    expect(filled).toMatchObject({ context: `qd-${ONE}-2`, nodes: 5, pods: 40 });
  });

  it('is an empty, whole cluster again after a reset', async () => {
    const merge = 'application/merge-patch+json';
    const dns = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
    await api.call('PATCH', dns, { spec: { replicas: 0 } }, merge);
    await api.call('PATCH', '/api/v1/nodes/node-1', { metadata: { labels: { team: 'x' } }, spec: { unschedulable: true } }, merge);
    await api.call('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterroles/edit');
    await api.apply('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const stuck = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stuck', finalizers: ['example.com/never'] } };
    await api.call('POST', '/api/v1/namespaces/shop/configmaps', stuck);
    // A halted kubelet is woken, too.
    send(instanceOf(ONE).dir, 'kubelet', 'SIGSTOP');
    const seconds = await reset(ONE);
    process.stderr.write(`reset in ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(20);
    expect((await api.list<Obj>('/api/v1/namespaces')).map((n) => n.metadata.name).sort()).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect((await api.list('/api/v1/namespaces/default/pods')).length).toBe(0);
    expect((await api.call('GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/edit')).status).toBe(200);
    expect((await api.call('GET', dns)).body).toMatchObject({ spec: { replicas: 1 } });
    const node = (await api.call('GET', '/api/v1/nodes/node-1')).body as unknown as Obj & { spec: { unschedulable?: boolean } };
    expect([node.spec.unschedulable, node.metadata.labels?.['team']]).toEqual([undefined, undefined]);
    const second = new Api(instanceOf(ONE), 1);
    expect((await second.list('/api/v1/nodes')).length).toBe(0);
    second.close();
    expect(await until(() => dnsAnswers(api), 1_000)).toBe(true);
  });

  it('starts over what somebody killed, programs and containers alike', async () => {
    const { dir } = instanceOf(ONE);
    for (const pid of marked(dir)) process.kill(pid, 'SIGKILL');
    expect(await until(() => marked(dir).length === 0, 5_000)).toBe(true);
    expect((await clusterStatus(ONE)).ready).toBe(false);
    await up(1, ONE);
    await expectReady(ONE);
  });

  it('leaves nothing behind, and can be taken down twice', async () => {
    await down(ONE);
    expect(traces(ONE, TWO)).toEqual([]);
    expect(host()).toEqual(before);
    await down(ONE);
    expect(await clusterStatus(ONE)).toEqual({ instance: ONE, kubeconfig: '', contexts: [], ready: false, programs: {}, logs: '' });
  });

  /** `up` of the second instance in a process of its own, which gets a signal when it says something. */
  function signalled(word: string, signal: NodeJS.Signals): Promise<number | null> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'up'], {
      env: { ...process.env, QUARTERDECK_CLUSTER_INSTANCE: TWO },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (said: Buffer) => {
      if (said.toString().includes(word)) child.kill(signal);
    });
    return new Promise((ended) => child.on('exit', ended));
  }

  it('takes down what it began when it is interrupted', async () => {
    expect(await signalled('starting the node', 'SIGINT')).toBe(130);
    expect(traces(TWO)).toEqual([]);
    expect(host()).toEqual(before);
  });

  it('does not take for whole what a killed start left', async () => {
    // The node is Ready by now and every program runs, but there is no DNS.
    expect(await signalled('starting CoreDNS', 'SIGKILL')).toBe(null);
    const left = await clusterStatus(TWO);
    expect([Object.values(left.programs).every(Boolean), left.ready]).toEqual([true, false]);
    await up(1, TWO);
    await expectReady(TWO);
    await down(TWO);
    expect(traces(TWO)).toEqual([]);
    expect(host()).toEqual(before);
  });
});
