import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { MapPart } from '../../agents/contract/index.ts';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { type Running, startApp } from '../../agents/host/wiring.ts';
import { folder } from './fleet.ts';

/** The map of a cluster as it is read, as it changes, and as it was when nobody can be reached. */

const labels = { app: 'web' };
const spec = { containers: [{ name: 'c', image: 'web:1' }] };
const owner = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
});
const pod = (name: string, reason?: string): RawObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels, ...owner('ReplicaSet', 'web-1') },
  spec,
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'c',
        image: 'web:1',
        ready: reason === undefined,
        restartCount: 0,
        state: reason === undefined ? { running: {} } : { waiting: { reason } },
      },
    ],
  },
});
const replicas = { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } };
const objects: RawObject[] = [
  ...['kube-system', 'shop', 'empty'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
    status: { phase: 'Active' },
  })),
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: replicas, status: {} },
  {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-1', namespace: 'shop', ...owner('Deployment', 'web') },
    spec: replicas,
    status: {},
  },
  pod('web-1-a'),
  pod('web-1-b'),
];

async function appIn(dir: string): Promise<Running> {
  const started = await startApp({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [join(dir, 'config')],
    demo: false,
    env: {},
    home: dir,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  onTestFinished(() => started.value.close());
  return started.value;
}
const brief = ({ namespaces, kinds, kind, name, pods, podHealth, podState, gone }: MapPart) => ({
  namespaces,
  workloads: name.map((n, i) => [`${kinds[kind[i] ?? -1] ?? ''}/${n}`, pods[i], podHealth[i], podState[i]]),
  gone,
});

test('a cluster is told whole, then what changes of it, and is remembered with its age when it is gone', async () => {
  const dir = folder();
  const server = await startApiServer({ objects });
  onTestFinished(() => server.close());
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
  const config = {
    clusters: [{ name: 'c', cluster: { server: server.url } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [context],
  };
  writeFileSync(join(dir, 'config'), JSON.stringify(config), { mode: 0o600 });
  const first = await appIn(dir);
  const { client } = first.app;
  const [never] = (await client.map.get({})).parts;
  expect(never).toMatchObject({ context: 'c', whole: true, live: false, asOf: null, name: [] });

  await client.cluster.connect({ context: 'c' });
  const ended = new AbortController();
  const told: MapPart[] = [];
  const following = (async () => {
    for await (const part of await client.map.follow({}, { signal: ended.signal })) told.push(part);
  })().catch(() => undefined);
  const whole = { namespaces: ['empty', 'kube-system', 'shop'], workloads: [['Deployment/web', '-1-a/-1-b', '00', '']], gone: [] };
  await expect.poll(() => told.map(brief)).toContainEqual(whole);
  expect(told.at(-1)).toMatchObject({ live: true, asOf: null });

  server.table.put(pod('web-1-b', 'CrashLoopBackOff'));
  const only = (...workload: unknown[]) => ({ namespaces: ['shop'], workloads: [workload], gone: [] });
  await expect.poll(() => told.map(brief)).toContainEqual(only('Deployment/web', null, '03', 'CrashLoopBackOff'));
  server.table.put(pod('web-1-c'));
  await expect.poll(() => told.map(brief)).toContainEqual(only('Deployment/web', '-1-a/-1-b/-1-c', '030', 'CrashLoopBackOff'));
  expect(await client.surroundings.of({ context: 'c', kind: 'Deployment', namespace: 'shop', name: 'web' })).toMatchObject({
    middle: 'Deployment/shop/web',
  });
  ended.abort();
  await following;
  await first.close();
  await server.close();

  const { client: again } = (await appIn(dir)).app;
  const [known] = (await again.map.get({})).parts;
  if (known === undefined) throw new Error('nothing is told of c');
  expect(brief(known)).toEqual({ ...whole, workloads: [['Deployment/web', '-1-a/-1-b/-1-c', '030', 'CrashLoopBackOff']] });
  expect(known.live).toBe(false);
  expect(Date.now() - Date.parse(known.asOf ?? '')).toBeLessThan(60_000);
  await expect(again.surroundings.of({ context: 'c', kind: 'Deployment', namespace: 'shop', name: 'web' })).rejects.toThrow(
    'not watched now',
  );
});
