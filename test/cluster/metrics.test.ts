import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startApp } from '../../agents/host/wiring.ts';
import { Api } from './api.ts';
import { clusterStatus, down, up } from './cluster.ts';
import { loadInstance } from './instance.ts';
import { NODE } from './pki.ts';
import { type RunningPrometheus, startPrometheus } from './prometheus.ts';
import { awaiting } from './run.ts';

/**
 * Metrics of a real cluster: kubelet, cAdvisor, metrics-server behind the aggregation layer, and Debian's Prometheus on the host that
 * scrapes the kubelet through the API server. `QUARTERDECK_CLUSTER` names an instance that runs already, and is left as it is.
 */

const given = process.env['QUARTERDECK_CLUSTER'];
const ID = given ?? 'qdmetrics';
const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-live-'));
let context = '';
let api: Api;
let prometheus: RunningPrometheus | undefined;
let running: Running | undefined;

beforeAll(async () => {
  const before = await clusterStatus(ID);
  const status = before.ready ? before : await up(1, ID);
  const instance = loadInstance(ID);
  if (instance === undefined) throw new Error(`${ID} is not there`);
  [context = ''] = status.contexts;
  api = new Api(instance, 0);
  const started = await startPrometheus(instance, dir);
  prometheus = started;
  // It has to have a past before we come.
  const past = 'count(rate(container_cpu_usage_seconds_total{pod!=""}[3m] offset 80s))';
  if (!(await awaiting(async () => (await started.ask(past)).length === 1, 200_000, 3_000)))
    throw new Error('the Prometheus has read nothing');
  const app = await startApp({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [status.kubeconfig],
    demo: false,
    env: process.env,
    log: () => undefined,
  });
  if (!app.ok) throw new Error(app.failure.message);
  running = app.value;
});

afterAll(async () => {
  await running?.close();
  prometheus?.close();
  if (given === undefined) await down(ID);
  rmSync(dir, { recursive: true, force: true });
});

it('finds its sources, agrees with the kubelet on a workload, and knows what was before from the Prometheus', async () => {
  if (running === undefined || prometheus === undefined) throw new Error('the app does not run');
  const { client } = running.app;
  await client.metrics.prometheus({ context, url: prometheus.url });
  const begun = Date.now();
  await client.cluster.connect({ context });
  const { sources } = await client.metrics.sources({ context });
  const states = Object.fromEntries(sources.map((s) => [s.kind, s.state]));
  expect(states).toMatchObject({ objects: 'used', kubeletSummary: 'used', cadvisor: 'used', metricsApi: 'standby', apiServer: 'used' });
  expect(['standby', 'used']).toContain(states['prometheus']);

  const ask = async (query: string, time?: number) => {
    const at = time === undefined ? {} : { time: new Date(time).toISOString() };
    const { series } = await client.metrics.query({ context, query, ...at });
    return Number(series[0]?.values[0] ?? NaN);
  };
  const coredns = 'namespace="kube-system",workload="Deployment/coredns"';
  await expect.poll(() => ask(`workload_memory_bytes{${coredns}}`)).toBeGreaterThan(1e6);
  const said = (await api.call('GET', `/api/v1/nodes/${NODE}/proxy/stats/summary`)).body as unknown as {
    pods: { podRef: { name: string }; containers: { memory: { workingSetBytes: number } }[] }[];
  };
  const kubelet = said.pods
    .filter((p) => p.podRef.name.startsWith('coredns-'))
    .reduce((sum, p) => sum + p.containers.reduce((own, c) => own + c.memory.workingSetBytes, 0), 0);
  const ours = await ask(`workload_memory_bytes{${coredns}}`);
  process.stdout.write(`memory of CoreDNS: ${ours} as we have it, ${kubelet} as the kubelet says now\n`);
  expect(Math.abs(ours - kubelet) / kubelet).toBeLessThan(0.1);

  // Before the app began there was only the Prometheus.
  await expect.poll(() => ask(`workload_memory_bytes{${coredns}}`, begun - 5_000), { timeout: 60_000 }).toBeGreaterThan(1e6);
  const past = await ask(`workload_memory_bytes{${coredns}}`, begun - 5_000);
  process.stdout.write(`before we came, from the Prometheus: ${past}\n`);
  expect(Math.abs(past - kubelet) / kubelet).toBeLessThan(0.25);
});
