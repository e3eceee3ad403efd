import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, startApp } from '../../agents/host/wiring.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { ClusterClient } from './cluster-client.ts';

/**
 * Logs of a real cluster. A rollout brings an error that was not there before: it is told with the revision, and going back is proposed. Its
 * neighbour is rolled out too, is noisy, stumbles while it starts and says alarming things all along as it always did: nothing is told.
 */

const namespace = `logs-${Date.now().toString(36).slice(-5)}`;
const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-logs-'));
let cluster: ClusterClient;
let running: Running;

const container = (more: object) => ({ name: 'app', image: 'quarterdeck/workload:1', imagePullPolicy: 'IfNotPresent', ...more });
const deployment = (name: string, replicas: number, its: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [container({ resources: { requests: { cpu: '10m', memory: '16Mi' } }, ...its })],
      },
    },
  },
});
const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const patch = (name: string, its: object) =>
  cluster.call(
    'PATCH',
    `${path}/${name}`,
    { spec: { template: { spec: { containers: [container(its)] } } } },
    'application/strategic-merge-patch+json',
  );

const CHECKOUT = { args: ['serve', '-log-line', 'level=info msg="order 4711 taken" took=12ms', '-log-every', '500ms'] };
const BROKEN = {
  args: ['serve', '-log-line', 'level=error msg="connection pool exhausted: 10 of 10 in use" user=sa password=hunter2', '-log-every', '1s'],
};
/** Stumbles while it starts, then says many different things, errors that it always has among them. */
const NOISY = `
echo "ERROR could not reach the cache yet, trying again"; echo "ERROR no leader elected"
i=0
while true; do
  i=$((i + 1))
  case $((i % 7)) in
    0) echo "WARN slow request $i took $((i * 13 % 900)) ms from 10.0.0.$((i % 250))" ;;
    1) echo "INFO session $i-af$((i * 31 % 999)) of user u$((i % 17)) refreshed, 0 errors" ;;
    2) echo "ERROR request $i of client c$((i % 5)) refused: quota of tenant t$((i % 3)) used up" ;;
    3) echo "INFO compacted $((i * 3)) of $((i * 4)) blocks, no failures" ;;
    4) echo "INFO page /v1/error-reports/$i rendered; failed=0" ;;
    5) echo "DEBUG retry of job $i succeeded after exception handling" ;;
    6) echo "INFO item $((i * 7919 % 1000)) moved to shelf $(printf '%x' $((i * 2654435761 % 65536)))" ;;
  esac
  sleep 0.3
done`;

beforeAll(async () => {
  const known = await clusterStatus();
  const { kubeconfig, contexts } = known.ready ? known : await up();
  cluster = new ClusterClient(kubeconfig, contexts[0]);
  await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await cluster.call('POST', path, deployment('checkout', 2, CHECKOUT));
  await cluster.call('POST', path, deployment('ledger', 1, { command: ['/bin/sh', '-c', NOISY] }));
  const started = await startApp({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [kubeconfig],
    demo: false,
    env: process.env,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  running = started.value;
});

afterAll(async () => {
  await running.close();
  await cluster.call('DELETE', `/api/v1/namespaces/${namespace}`);
  rmSync(dir, { recursive: true, force: true });
});

test('an error that came with a rollout is told with it, once for all replicas, and a noisy neighbour that is rolled out too is not', async () => {
  const { client } = running.app;
  const { context } = cluster;
  await client.cluster.connect({ context });
  const patterns = (workload: string) => client.logs.patterns({ context, namespace, workload, limit: 500 });
  // There is something to compare with: both have been read for a while.
  await expect
    .poll(async () => (await patterns('deploy/checkout')).patterns.reduce((sum, p) => sum + p.count, 0), { timeout: 90_000 })
    .toBeGreaterThan(200);
  expect((await patterns('deploy/ledger')).patterns.length).toBeGreaterThan(6);

  const begun = Date.now();
  await patch('checkout', BROKEN);
  await patch('ledger', { command: ['/bin/sh', '-c', NOISY], env: [{ name: 'ROUND', value: '2' }] });
  const told = async () => {
    const { events } = await client.events.list({ since: 0, limit: 10_000 });
    return events.flatMap(({ event, at }) =>
      event.type === 'logs.patternAppeared' && event.resource.namespace === namespace ? [{ ...event, at }] : [],
    );
  };
  await expect.poll(async () => (await told()).length, { timeout: 90_000, interval: 250 }).toBeGreaterThan(0);
  const [first] = await told();
  expect(first).toMatchObject({ resource: { kind: 'Deployment', name: 'checkout' }, news: 'new', revision: '2' });
  expect(first?.sample).toContain('connection pool exhausted');
  expect(JSON.stringify(first)).not.toContain('hunter2');
  const onset = Date.parse(first?.since ?? '');
  process.stdout.write(
    `new error after a rollout: first line ${((onset - begun) / 1000).toFixed(1)} s after the change, told ${((Date.parse(first?.at ?? '') - onset) / 1000).toFixed(1)} s after that\n`,
  );

  const found = async () =>
    (await client.incidents.list({ context })).incidents.filter((i) => i.rootCause.resource.namespace === namespace);
  // The agent for troubleshooting wakes on it, and finds the change that brought it.
  await expect
    .poll(async () => (await found()).map((i) => [i.rootCause.code, i.symptoms.map((s) => s.code)]), { timeout: 60_000 })
    .toEqual([['CHG-001', ['OBS-020']]]);
  const [incident] = await found();
  expect(incident?.rootCause.resource).toMatchObject({ kind: 'Deployment', name: 'checkout' });
  expect(incident?.rootCause.message).toContain('revision 2');
  expect(incident?.evidence.find((e) => e.kind === 'log')?.text).toContain('connection pool exhausted');
  await expect
    .poll(async () => (await found())[0]?.plans.flatMap((p) => p.actions.map((a) => a.spec.type)), { timeout: 60_000 })
    .toEqual(['undo-rollout']);
  process.stdout.write(
    `incident with a plan ${((Date.now() - onset) / 1000).toFixed(1)} s after the first line: ${incident?.rootCause.message}\n`,
  );
  // The neighbour has had as long; everything it says is known, and nothing of it is told.
  expect((await told()).map((t) => t.resource.name)).toEqual(['checkout']);
  const noisy = (await patterns('deploy/ledger')).patterns;
  expect(noisy.filter((p) => p.news !== null)).toEqual([]);
  expect(noisy.filter((p) => p.level === 'error').length).toBeGreaterThanOrEqual(3);
});
