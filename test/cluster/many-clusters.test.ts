import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ContextList, Diagnosis } from '../../agents/contract/index.ts';
import { ObjectStore } from '../../agents/core/view.ts';
import { startKube } from '../../agents/host/cluster/kube-client.ts';
import { receiveViews } from '../../agents/host/view-channel.ts';
import { Api, type Obj } from './api.ts';
import { clusterStatus, down, up } from './cluster.ts';
import { awaitApi, startApiServer } from './control-plane.ts';
import { type Instance, loadInstance } from './instance.ts';
import { send } from './processes.ts';
import { until } from './run.ts';

/** Two real clusters and one that is not there, as a person has them: in one kubeconfig. */

const ID = 'qdtest3';
const [EAST, WEST, DEAD] = [`qd-${ID}-1`, `qd-${ID}-2`, 'gone'];
const root = join(import.meta.dirname, '..', '..');
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: the test clusters need root.\n');

interface Said {
  readonly out: string;
  readonly err: string;
  readonly exit: number | null;
}

describe.skipIf(!isRoot)('many clusters', () => {
  let dir = '';
  let kubeconfig = '';
  let instance: Instance;
  let east: Api;

  beforeAll(async () => {
    await down(ID);
    await up(2, ID);
    const found = loadInstance(ID);
    if (found === undefined) throw new Error('the instance is not there');
    instance = found;
    east = new Api(instance);
    dir = mkdtempSync(join(tmpdir(), 'quarterdeck-many-'));
    kubeconfig = join(dir, 'config');
    // A port that was free a moment ago and at which nothing listens.
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const { kubeconfig: real } = await clusterStatus(ID);
    const config = parse(readFileSync(real, 'utf8')) as { clusters: object[]; contexts: object[]; users: object[] };
    config.clusters.push({ name: DEAD, cluster: { server: `https://127.0.0.1:${port}` } });
    config.users.push({ name: DEAD, user: { token: 'x' } });
    config.contexts.push({ name: DEAD, context: { cluster: DEAD, user: DEAD } });
    writeFileSync(kubeconfig, JSON.stringify(config));
  });

  afterAll(async () => {
    east.close();
    await down(ID);
    rmSync(dir, { recursive: true, force: true });
  });

  const quarterdeck = (...args: readonly string[]): Promise<Said> =>
    new Promise((resolve) => {
      const all = [join(root, 'agents/host/cli/quarterdeck.mjs'), ...args, '--kubeconfig', kubeconfig, '--data-dir', join(dir, 'data')];
      const child = spawn(process.execPath, all, { env: { ...process.env, NO_COLOR: '1' } });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('exit', (exit) => resolve({ out, err, exit }));
    });

  it('lists all three, and says of each whether it is there', async () => {
    const { out, exit } = await quarterdeck('contexts', '--probe', '-o', 'json');
    expect(exit).toBe(0);
    const { contexts } = JSON.parse(out) as ContextList;
    expect(contexts.map((c) => [c.name, c.reachable])).toEqual([
      [EAST, true],
      [WEST, true],
      [DEAD, false],
    ]);
    expect(contexts[2]?.failure?.message).toContain(`Context ${DEAD}:`);
  });

  it('diagnoses the two and says of the third why not, each by its name', async () => {
    await east.apply('/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'needs-config', namespace: 'default' },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'quarterdeck/workload:1',
            imagePullPolicy: 'IfNotPresent',
            envFrom: [{ configMapRef: { name: 'absent' } }],
          },
        ],
      },
    } as Obj);
    const asked = ['diagnose', '--context', EAST, '--context', WEST, '--context', DEAD];
    const found = async () => {
      const { out } = await quarterdeck(...asked, '-o', 'json');
      return (JSON.parse(out) as { diagnoses: Diagnosis[] }).diagnoses;
    };
    expect(await until(async () => (await found())[0]?.incidents.length === 1, 30_000, 500)).toBe(true);
    const diagnoses = await found();
    expect(diagnoses.map((d) => [d.context, d.incidents.map((i) => i.context)])).toEqual([
      [EAST, [EAST]],
      [WEST, []],
    ]);
    const { out, err, exit } = await quarterdeck(...asked);
    expect(exit).toBe(3);
    const lines = out.split('\n').filter((line) => line !== '');
    expect([...new Set(lines.map((line) => line.split('  ')[0]))]).toEqual([EAST, WEST]);
    expect(lines.filter((line) => line.includes('needs-config')).every((line) => line.startsWith(`${EAST}  `))).toBe(true);
    expect(err.split('\n').filter((l) => l.includes('refused the connection'))).toEqual([expect.stringContaining(`Context ${DEAD}:`)]);
  });

  it('makes another context the current one, and asks that', async () => {
    expect((await quarterdeck('contexts', 'use', WEST)).exit).toBe(0);
    const { out, exit } = await quarterdeck('diagnose', '-o', 'json');
    expect([exit, (JSON.parse(out) as Diagnosis).context]).toEqual([0, WEST]);
    expect((await quarterdeck('contexts', 'use', EAST)).exit).toBe(0);
  });

  it('goes on without a loss when an API server is killed and started again', async () => {
    const kube = await startKube({ env: process.env, home: dir, kubeconfigPaths: [kubeconfig], log: () => undefined });
    const heard: string[] = [];
    kube.onNotice((notice) => {
      if (notice.type === 'offline' || notice.type === 'synced') heard.push(`${notice.type} ${notice.context}`);
    });
    const store = new ObjectStore(EAST);
    const { port1, port2 } = new MessageChannel();
    receiveViews(port2, (message) => {
      if (message.type !== 'changes' || message.context !== EAST) return;
      for (const kind of message.reset) store.clear(kind);
      for (const object of message.upserts) store.put(object);
      for (const { kind, key } of message.removes) store.remove(kind, key);
    });
    const path = '/api/v1/namespaces/default/configmaps';
    const make = (name: string) => east.call('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { n: name } });
    const names = () =>
      store
        .view()
        .list('ConfigMap', 'default')
        .map((o) => o.metadata.name);
    const there = async () => (await east.list<Obj>(path)).map((o) => o.metadata.name).sort();
    try {
      kube.attach('test', ['ConfigMap', 'Namespace'], port1);
      expect((await Promise.all([kube.connect(EAST, ['ConfigMap']), kube.connect(WEST, ['ConfigMap'])])).map((c) => c.ok)).toEqual([
        true,
        true,
      ]);
      for (let n = 0; n < 5; n++) await make(`before-${n}`);
      expect(await until(() => names().includes('before-4'), 5_000)).toBe(true);

      expect(send(instance.dir, 'apiserver-1', 'SIGKILL')).toBe(true);
      expect(await until(() => heard.includes(`offline ${EAST}`), 40_000)).toBe(true);
      // What was read is still known, and the other cluster noticed nothing.
      expect(names()).toContain('before-4');
      expect(heard).not.toContain(`offline ${WEST}`);
      await startApiServer(instance, 0);
      east.close();
      east = await awaitApi(instance, 0);
      await east.call('DELETE', `${path}/before-0`);
      for (let n = 0; n < 5; n++) await make(`after-${n}`);
      const expected = await there();
      expect(await until(() => JSON.stringify(names()) === JSON.stringify(expected), 40_000)).toBe(true);
      await make('last');
      expect(await until(() => names().includes('last'), 5_000)).toBe(true);
      expect(names()).not.toContain('before-0');
    } finally {
      await kube.close();
      port2.close();
    }
  });
});
