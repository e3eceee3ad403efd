import type { Readable } from 'node:stream';
import { readExposition } from '../exposition.ts';
import type { PodEntry } from '../owners.ts';
import type { SourceNews, Turn } from '../turn.ts';
import { failureNews } from './failure-news.ts';

/** What a kubelet's cAdvisor counts beyond its summary: how often containers were throttled. */

const TIMEOUT_MS = 15_000;
const PERIODS = 'container_cpu_cfs_periods_total';
const THROTTLED = 'container_cpu_cfs_throttled_periods_total';

export async function readCadvisor(
  turn: Turn,
  nodes: readonly string[],
): Promise<{ news: SourceNews; bytes: ReadonlyMap<string, number> }> {
  let [samples, read, bad] = [0, 0, 0];
  const bytes = new Map<string, number>();
  let failed: SourceNews | undefined;
  for (const node of nodes) {
    const answer = await turn.transport.stream(`/api/v1/nodes/${node}/proxy/metrics/cadvisor`, {
      timeoutMs: TIMEOUT_MS,
      signal: turn.signal,
    });
    if (!answer.ok) {
      failed = failureNews('cadvisor', `metrics/cadvisor of ${node}`, answer.failure, 'get nodes/proxy');
      if (failed.state === 'forbidden') break;
      continue;
    }
    const sums = new Map<PodEntry, { periods: number; throttled: number }>();
    // Some name only the groups of whole pods; where both are named, the pod's is the sum of its containers.
    const whole: typeof sums = new Map();
    const { body, size } = measured(answer.value.body);
    try {
      const reading = await readExposition(body, answer.value.contentType, {
        wants: (name) => name === PERIODS || name === THROTTLED,
        take: ({ name, labels, value, at = turn.now }) => {
          const { namespace = '', pod = '', container = '' } = labels;
          const entry = container === 'POD' ? undefined : turn.entry(namespace, pod);
          if (entry === undefined) return;
          samples++;
          const of = container === '' ? whole : sums;
          let sum = of.get(entry);
          if (sum === undefined) of.set(entry, (sum = { periods: 0, throttled: 0 }));
          sum[name === PERIODS ? 'periods' : 'throttled'] += value;
          if (!turn.keepsPods || container === '') return;
          const signal = name === PERIODS ? 'container_periods_total' : 'container_throttled_periods_total';
          turn.put(signal, { namespace, workload: entry.owner.workload, pod, container }, value, at);
        },
      });
      bad += reading.bad;
      if (!reading.whole) bad++;
    } catch (error) {
      failed = { kind: 'cadvisor', name: `metrics/cadvisor of ${node}`, state: 'failing', samples, because: wordsOf(error) };
      continue;
    }
    bytes.set(node, size());
    for (const [entry, sum] of whole) if (!sums.has(entry)) sums.set(entry, sum);
    for (const [entry, { periods, throttled }] of sums) turn.throttling(entry, periods, throttled);
    read++;
  }
  const because = `throttling of containers with a limit, of ${read} node${read === 1 ? '' : 's'}${bad > 0 ? `; ${bad} lines could not be read` : ''}`;
  if (read === 0 && failed !== undefined) return { news: failed, bytes };
  return { news: { kind: 'cadvisor', name: 'metrics/cadvisor', state: 'used', samples, because }, bytes };
}

/** The same, counted. */
export function measured(body: Readable): { readonly body: AsyncIterable<Buffer>; readonly size: () => number } {
  let size = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      yield chunk;
    }
  }
  return { body: counted(), size: () => size };
}

export const wordsOf = (error: unknown): string => `the answer broke off: ${error instanceof Error ? error.message : String(error)}`;
