import { expect, test } from 'vitest';
import { measureWords, measuresOf, mostOf } from './measures.ts';

test('of one workload, node or claim its own series; names are data in the question to the series', () => {
  expect(measuresOf('memory', { kind: 'Deployment', namespace: 'shop', name: 'cart' }).map((q) => q.promql)).toContain(
    'workload_memory_bytes{namespace="shop",workload="Deployment/cart"}',
  );
  expect(measuresOf('cpu', { kind: 'Node', name: 'a"} or vector(1) #' })[0]?.promql).toBe('node_cpu_cores{node="a\\"} or vector(1) #"}');
  expect(measuresOf('memory', { kind: 'ConfigMap', namespace: 'shop', name: 'cart' })).toEqual([]);
});

test('of all what uses most, in the namespaces that were named', () => {
  expect(mostOf('memory', ['shop', 'a.b'], 'workloads').promql).toBe('topk(5, workload_memory_bytes{namespace=~"shop|a\\\\.b"})');
  expect(mostOf('memory', [], 'nodes').promql).toBe('topk(5, node_memory_bytes)');
});

test('a value has its unit, and says whose it is where it is one of many', () => {
  const [memory] = measuresOf('memory', { kind: 'Deployment', namespace: 'shop', name: 'cart' });
  if (memory === undefined) throw new Error('no series');
  expect(measureWords(memory, { namespace: 'shop', workload: 'Deployment/cart' }, 64 * 2 ** 20)).toBe(
    'Working set of all its pods: 64 MiB',
  );
  expect(measureWords(mostOf('cpu', [], 'workloads'), { namespace: 'shop', workload: 'Deployment/cart' }, 0.25)).toBe(
    'Deployment shop/cart: 0.25 cores',
  );
});

test('of pods where single ones are asked for; of what is kept of workloads alone these are told', () => {
  expect(mostOf('memory', ['shop'], 'pods').promql).toBe('topk(5, sum by (namespace, pod) (container_memory_bytes{namespace=~"shop"}))');
  expect(measureWords(mostOf('cpu', [], 'pods'), { namespace: 'shop', pod: 'cart-1' }, 0.25)).toBe('Pod shop/cart-1: 0.25 cores');
  expect(mostOf('latency', [], 'pods').promql).toBe('topk(5, workload_latency_seconds{quantile="0.95"})');
});
