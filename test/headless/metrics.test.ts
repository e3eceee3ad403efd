import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PageSource } from '../../agents/host/doubles/api-server/server.ts';
import { OBJECTS, PODS, metricsPages, watched } from './metrics-cluster.ts';

/** Metrics of a cluster from its API server to the answer of a question: real threads, real SQLite, real sockets. */

const usage = (pod: string) => ({ cpu: pod === PODS[0] ? '100m' : '300000000n', memory: '64Mi' });
const ask = { context: 'one' };

test('with metrics.k8s.io alone the pods, their workload and the node are known, and what is not is said with the right it needs', async () => {
  const { client, server } = await watched(metricsPages(Date.now, usage));
  server.faults.forbidden.add('get/nodes/proxy');
  const sources = await client.metrics.sources(ask);
  const kinds = sources.sources.map((s) => [s.kind, s.state, s.needs]);
  expect(kinds).toContainEqual(['metricsApi', 'used', null]);
  expect(kinds).toContainEqual(['objects', 'used', null]);
  expect(kinds).toContainEqual(['kubeletSummary', 'forbidden', 'get nodes/proxy']);
  expect(sources.gaps.find((gap) => gap.startsWith('Network, disks and volumes are not known'))).toContain('It needs get nodes/proxy.');
  const value = async (query: string) => {
    const { series } = await client.metrics.query({ ...ask, query });
    return series.map((s) => [s.labels, s.values]);
  };
  const web = { namespace: 'shop', workload: 'Deployment/web' };
  await expect.poll(() => value('workload_cpu_cores')).toEqual([[{ __name__: 'workload_cpu_cores', ...web }, [0.4]]]);
  expect(await value('max by (namespace) (container_memory_bytes)')).toEqual([[{ namespace: 'shop' }, [64 * 2 ** 20]]]);
  expect(await value('sum(workload_restarts_total)')).toEqual([[{}, [1]]]);
  expect(await value('node_cpu_cores / node_cpu_allocatable_cores')).toEqual([[{ node: 'node-1' }, [0.25 / 4]]]);
});

test('a question that cannot be answered is refused in a sentence; all of a cluster can be forgotten', async () => {
  const { client } = await watched(metricsPages(Date.now, usage));
  await client.metrics.sources(ask);
  await expect(client.metrics.query({ ...ask, query: 'rate(workload_cpu_cores)' })).rejects.toThrow(
    'The question cannot be answered: rate takes a range, such as metric[5m], not a vector (at character 1 of "rate(workload_cpu_cores)").',
  );
  await expect.poll(async () => (await client.metrics.series(ask)).series.length).toBeGreaterThan(5);
  expect((await client.metrics.forget(ask)).series).toBeGreaterThan(5);
  expect((await client.metrics.series(ask)).series).toEqual([]);
});

const HOUR = 3_600_000;
const now = () => new Date().toISOString();

/** A kubelet that says everything, a pod that exposes requests, and a Prometheus that was awake before. */
function everything(begun: number): PageSource {
  const ago = () => Math.floor((Date.now() - begun) / 1000);
  const range = (query: URLSearchParams, value: number, metric: object) => {
    const [start, end] = [Number(query.get('start')), Number(query.get('end'))];
    const values = Array.from({ length: Math.floor((end - start) / 60) + 1 }, (_, i) => [start + i * 60, String(value)]);
    return [{ metric, values }];
  };
  return (path, query) => {
    if (path === '/api/v1/nodes/node-1/proxy/stats/summary') {
      const load = (cores: number, memory: number) => ({
        cpu: { time: now(), usageNanoCores: cores * 1e9 },
        memory: { time: now(), workingSetBytes: memory },
      });
      const pods = PODS.map((name) => ({
        podRef: { name, namespace: 'shop' },
        containers: [{ name: 'web', ...load(0.25, 1000), rootfs: { time: now(), usedBytes: 10 }, logs: { time: now(), usedBytes: 5 } }],
        network: { time: now(), rxBytes: 1000 * ago(), txBytes: 10 },
        volume: [{ time: now(), name: 'data', pvcRef: { name: 'data' }, usedBytes: 60, capacityBytes: 100, inodes: 10, inodesUsed: 1 }],
      }));
      const node = { nodeName: 'node-1', ...load(1, 5000), fs: { time: now(), usedBytes: 7, capacityBytes: 9, inodes: 3, inodesUsed: 2 } };
      return { body: JSON.stringify({ node, pods }) };
    }
    if (path === '/api/v1/nodes/node-1/proxy/metrics/cadvisor') {
      const of = (name: string, value: number) => `${name}{container="web",namespace="shop",pod="${PODS[0]}"} ${value} ${Date.now()}\n`;
      const text = of('container_cpu_cfs_periods_total', 100 * ago()) + of('container_cpu_cfs_throttled_periods_total', 25 * ago());
      return { type: 'text/plain', body: text };
    }
    if (path.endsWith(':8080/proxy/metrics')) {
      const buckets = [
        ['0.1', 0],
        ['0.5', 10],
        ['+Inf', 10],
      ] as const;
      const text =
        `http_requests_total{code="200"} ${8 * ago()}\nhttp_requests_total{code="503"} ${2 * ago()}\n` +
        buckets.map(([le, rate]) => `http_request_duration_seconds_bucket{le="${le}"} ${rate * ago()}\n`).join('') +
        `http_request_duration_seconds_sum ${3 * ago()}\nhttp_request_duration_seconds_count ${10 * ago()}\n`;
      return { type: 'text/plain', body: text };
    }
    if (path === '/metrics') return { type: 'text/plain', body: `apiserver_current_inflight_requests{request_kind="mutating"} 3\n` };
    const prometheus = '/api/v1/namespaces/watch/services/prometheus:9090/proxy/api/v1/';
    if (!path.startsWith(prometheus)) return undefined;
    const asked = query.get('query') ?? '';
    const answer = (result: readonly object[]) => ({ body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }) });
    if (path.endsWith('/query')) return answer([{ metric: { job: 'kube-state-metrics' }, value: [Date.now() / 1000, '1'] }]);
    const pod = { namespace: 'shop', pod: PODS[0], container: 'web' };
    if (asked.includes('working_set') && asked.includes('container)')) return answer(range(query, 777, pod));
    return answer([]);
  };
}

const annotated = OBJECTS.map((object) => {
  const { kind, metadata } = object as { kind: string; metadata: { name: string } };
  if (kind !== 'Pod' || metadata.name !== PODS[0]) return object;
  return { ...object, metadata: { ...metadata, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' } } };
});
const prometheusService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'prometheus', namespace: 'watch' },
  spec: { clusterIP: '10.0.0.9', ports: [{ name: 'web', port: 9090 }] },
};

test('all sources at once: kubelets before metrics.k8s.io, throttling, requests and their times, and what was before from a Prometheus', async () => {
  const begun = Date.now() - HOUR;
  const { client } = await watched(everything(begun), [...annotated, prometheusService]);
  const { sources, gaps } = await client.metrics.sources(ask);
  expect(Object.fromEntries(sources.map((s) => [s.kind, s.state]))).toMatchObject({
    kubeletSummary: 'used',
    cadvisor: 'used',
    metricsApi: 'standby',
    exposition: 'used',
    apiServer: 'used',
    kubeStateMetrics: 'standby',
  });
  expect(gaps).toEqual([]);
  const value = async (query: string) => {
    const { series } = await client.metrics.query({ ...ask, query });
    return series.map((s) => s.values[0]);
  };
  await expect.poll(() => value('workload_cpu_cores')).toEqual([0.5]);
  expect(await value('max(volume_used_bytes / volume_capacity_bytes)')).toEqual([0.6]);
  expect(await value('apiserver_inflight_requests')).toEqual([3]);
  // A day before us, a value a minute.
  await expect
    .poll(() => value('count_over_time(workload_memory_bytes{workload="Deployment/web"}[1d] offset 5m)').then((v) => Number(v[0])))
    .toBeGreaterThan(1_400);
  expect(await value('max_over_time(workload_memory_bytes[1h] offset 1h)')).toEqual([777]);
  // Rates are known from the second reading on.
  const near = async (query: string) => (await value(query)).map((v) => Math.round(Number(v) * 10) / 10);
  await expect.poll(() => near('sum by (class) (workload_requests_per_second)'), { timeout: 40_000 }).toHaveLength(2);
  const [first, second] = (await near('sort_desc(workload_requests_per_second)')) as [number, number];
  expect([first / second, first > 7 && first < 9]).toEqual([expect.closeTo(4, 0), true]);
  expect(await near('workload_latency_seconds{quantile="0.5"}')).toEqual([0.3]);
  expect(await near('workload_throttled_ratio * 100')).toEqual([expect.closeTo(25, 0)]);
  expect(await near('workload_network_receive_bytes_per_second / 1000')).toEqual([expect.closeTo(2, 0)]);
});

test('when a certificate ends is known from the public part of its Secret; nothing else of it is kept', async () => {
  const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=web -keyout - -out -';
  const pem = execFileSync('openssl', made.split(' '), { stdio: ['ignore', 'pipe', 'ignore'] });
  const data = { 'tls.crt': pem.toString('base64'), 'tls.key': Buffer.from('geheim-4711').toString('base64') };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web-tls', namespace: 'shop' }, type: 'kubernetes.io/tls', data };
  const { client, dataDir } = await watched(metricsPages(Date.now, usage), [...OBJECTS, secret]);
  await client.metrics.sources(ask);
  const days = async () => {
    const { series } = await client.metrics.query({
      ...ask,
      query: '(certificate_expires_timestamp_seconds{secret="web-tls"} - time()) / 86400',
    });
    return series.map((s) => Math.round(Number(s.values[0])));
  };
  await expect.poll(days).toEqual([2]);
  for (const file of readdirSync(dataDir).filter((name) => name.startsWith('series.db')))
    expect(readFileSync(join(dataDir, file)).includes('geheim-4711')).toBe(false);
});

test('no metrics at all, or a page instead of them: said, and what objects say is there', async () => {
  const { client } = await watched((path) =>
    path.startsWith('/apis/metrics.k8s.io') ? { type: 'text/html', body: '<html>Sign in</html>' } : undefined,
  );
  const { sources, gaps } = await client.metrics.sources(ask);
  const metricsApi = sources.find((s) => s.kind === 'metricsApi');
  expect([metricsApi?.state, metricsApi?.because]).toEqual([
    'failing',
    'Context one: metrics.k8s.io answered with something else than metrics: the answer is no JSON.',
  ]);
  expect(gaps.find((gap) => gap.startsWith('Processor time and memory are not known: '))).toBeDefined();
  const { series } = await client.metrics.query({ ...ask, query: 'sum(workload_restarts_total)' });
  expect(series.map((s) => s.values)).toEqual([[1]]);
});

test('an answer that breaks off in its midst is said, and half of it is no reading of the whole', async () => {
  const whole = metricsPages(Date.now, usage);
  const { client } = await watched((path, query) => {
    const page = whole(path, query);
    return path.endsWith('/pods') && page !== undefined ? { ...page, cut: 220 } : page;
  });
  const { sources } = await client.metrics.sources(ask);
  expect(sources.find((s) => s.kind === 'metricsApi')).toMatchObject({ state: 'failing' });
});

test('with a Prometheus alone, found among the Services: processor time and memory of pods and their workload come from it', async () => {
  const base = '/api/v1/namespaces/watch/services/prometheus:9090/proxy/api/v1/query';
  const { client, server } = await watched(
    (path, query) => {
      if (!path.startsWith(base)) return undefined;
      if (path !== base) return { body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } }) };
      const asked = query.get('query') ?? '';
      const value = (v: string) =>
        PODS.map((pod) => ({ metric: { namespace: 'shop', pod, container: 'web' }, value: [Date.now() / 1000, v] }));
      const result =
        asked.includes('cpu_usage') && asked.includes('container)')
          ? value('0.3')
          : asked.includes('working_set') && asked.includes('container)')
            ? value('1000')
            : asked.includes('up')
              ? [{ metric: { job: 'kubelet' }, value: [1, '1'] }]
              : [];
      return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
    },
    [...OBJECTS, prometheusService],
  );
  server.faults.forbidden.add('get/nodes/proxy');
  const value = async (query: string) => (await client.metrics.query({ ...ask, query })).series.map((s) => s.values[0]);
  await expect.poll(() => value('workload_memory_bytes{workload="Deployment/web"}'), { timeout: 60_000 }).toEqual([2000]);
  expect(await value('workload_cpu_cores{workload="Deployment/web"}')).toEqual([0.6]);
  const { sources } = await client.metrics.sources(ask);
  expect(sources.find((s) => s.kind === 'prometheus')).toMatchObject({ state: 'used', name: 'watch/prometheus:9090' });
});
