import { expect, test } from 'vitest';
import { PODS, metricsPages, watched } from './metrics-cluster.ts';

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
