import type { Failure } from '../../../contract/index.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { eachItem } from '../json-items.ts';
import { type SourceNews, type Turn, tidy } from '../turn.ts';
import { failureNews } from './failure-news.ts';

/** metrics.k8s.io, as metrics-server and its like serve it: processor time and working set of containers and nodes. */

const PATH = '/apis/metrics.k8s.io/v1beta1';
const NAME = 'metrics.k8s.io';
const TIMEOUT_MS = 20_000;

interface Usage {
  readonly cpu?: string;
  readonly memory?: string;
}
interface Item {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly timestamp?: string;
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name?: string; readonly usage?: Usage }[];
}

/** `measured`: nodes whose pods were measured already. */
export async function readMetricsApi(turn: Turn, measured: ReadonlySet<string>): Promise<SourceNews> {
  let samples = 0;
  const nodes = await readList(turn, 'nodes', (item) => (samples += nodeOf(turn, item, measured)));
  const pods = await readList(turn, 'pods', (item) => (samples += podOf(turn, item, measured)));
  const failure = pods ?? nodes;
  if (failure !== undefined) return failureNews('metricsApi', NAME, failure, 'list pods.metrics.k8s.io', samples);
  return { kind: 'metricsApi', name: NAME, state: 'used', samples, because: 'processor time and memory of containers and nodes' };
}

async function readList(turn: Turn, what: 'nodes' | 'pods', take: (item: Item) => void): Promise<Failure | undefined> {
  const answer = await turn.transport.stream(`${PATH}/${what}`, { timeoutMs: TIMEOUT_MS, signal: turn.signal });
  if (!answer.ok) return answer.failure;
  try {
    const whole = await eachItem(answer.value.body as AsyncIterable<Buffer>, (item) => take(item as Item));
    return whole ? undefined : broken(turn, 'the answer ended in its midst');
  } catch (error) {
    answer.value.body.destroy();
    return broken(turn, error instanceof SyntaxError ? 'the answer is no JSON' : error instanceof Error ? error.message : String(error));
  }
}

const broken = (turn: Turn, why: string): Failure => ({
  code: 'cluster-refused',
  message: `Context ${turn.transport.context}: ${NAME} answered with something else than metrics: ${why}.`,
});

function nodeOf(turn: Turn, { metadata, timestamp, usage }: Item, measured: ReadonlySet<string>): number {
  const node = metadata?.name;
  const at = Date.parse(timestamp ?? '');
  if (node === undefined || measured.has(node)) return 0;
  const cpu = turn.put('node_cpu_cores', { node }, tidy(parseQuantity(usage?.cpu) ?? NaN), at);
  return Number(turn.put('node_memory_bytes', { node }, parseQuantity(usage?.memory) ?? NaN, at)) + Number(cpu);
}

function podOf(turn: Turn, { metadata, timestamp, containers }: Item, measured: ReadonlySet<string>): number {
  const { name: pod, namespace } = metadata ?? {};
  if (pod === undefined || namespace === undefined) return 0;
  const entry = turn.entry(namespace, pod);
  // One that the watch does not know is gone already, or has not come yet.
  if (entry === undefined || measured.has(entry.node)) return 0;
  const at = turn.keepsPods ? Date.parse(timestamp ?? '') : 0;
  let [cpu, memory] = [0, 0];
  for (const { name: container = '', usage } of containers ?? []) {
    const cores = quickCpu(usage?.cpu);
    const bytes = quickBytes(usage?.memory);
    cpu += cores;
    memory += bytes;
    if (turn.keepsPods) {
      const labels = { namespace, workload: entry.owner.workload, pod, container };
      turn.put('container_cpu_cores', labels, tidy(cores), at);
      turn.put('container_memory_bytes', labels, bytes, at);
    }
  }
  turn.usage(entry, cpu, memory, timestamp);
  return 2 * (containers?.length ?? 0);
}

/** The two forms nearly all have, without the way through an expression. */
function quickCpu(text: string | undefined): number {
  if (text?.endsWith('n') === true) return Number(text.slice(0, -1)) / 1e9;
  return parseQuantity(text) ?? NaN;
}
function quickBytes(text: string | undefined): number {
  if (text?.endsWith('Ki') === true) return Number(text.slice(0, -2)) * 1024;
  return parseQuantity(text) ?? NaN;
}
