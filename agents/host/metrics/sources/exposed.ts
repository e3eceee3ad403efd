import { readExposition } from '../exposition.ts';
import type { RequestRates } from '../request-rates.ts';
import type { Target } from '../targets.ts';
import type { SourceNews, Turn } from '../turn.ts';
import { wordsOf } from './cadvisor.ts';
import { failureNews } from './failure-news.ts';

/** What workloads, DNS, ingress controllers and the API server expose of the requests they answer. */

const TIMEOUT_MS = 8_000;
const API_TIMEOUT_MS = 20_000;

/** Of some targets, and then one piece of news a kind. */
export async function readTargets(
  turn: Turn,
  targets: readonly Target[],
  all: readonly Target[],
  rates: RequestRates,
): Promise<SourceNews[]> {
  const kinds = new Map<Target['kind'], { samples: number; read: number; failed: SourceNews | undefined }>();
  for (const target of targets) {
    const news = kinds.get(target.kind) ?? { samples: 0, read: 0, failed: undefined };
    kinds.set(target.kind, news);
    // A right that is missing for one is missing for all.
    if (news.failed?.state === 'forbidden') continue;
    const entry = turn.entry(target.namespace, target.pod);
    if (entry === undefined) continue;
    const labels = { namespace: target.namespace, workload: entry.owner.workload };
    const one = await readOne(
      turn,
      target,
      (sample) => {
        if (rates.take(turn, target.path, labels, sample)) news.samples++;
      },
      rates,
    );
    if (one === undefined) news.read++;
    else news.failed = one;
  }
  return [...kinds].map(([kind, { samples, read, failed }]) => {
    if (failed !== undefined && (read === 0 || failed.state === 'forbidden')) return { ...failed, name: NAMES[kind] };
    const count = all.filter((t) => t.kind === kind).length;
    const because = `rates and times of requests, of ${read} of ${count} pods in this reading${failed === undefined ? '' : `; ${failed.because}`}`;
    return { kind, name: NAMES[kind], state: 'used', samples, because };
  });
}

const NAMES: Readonly<Record<Target['kind'], string>> = {
  exposition: "workloads' own metrics",
  ingress: 'ingress controllers',
  dns: 'cluster DNS',
};

async function readOne(
  turn: Turn,
  target: Target,
  take: Parameters<typeof readExposition>[2]['take'],
  rates: RequestRates,
): Promise<SourceNews | undefined> {
  const name = `${target.namespace}/${target.pod}`;
  const answer = await turn.transport.stream(target.path, {
    timeoutMs: TIMEOUT_MS,
    signal: turn.signal,
    accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
  });
  if (!answer.ok) return failureNews(target.kind, name, answer.failure, 'get pods/proxy');
  const failing = (because: string): SourceNews => ({ kind: target.kind, name, state: 'failing', samples: 0, because });
  try {
    const { lines, bad, whole } = await readExposition(answer.value.body as AsyncIterable<Buffer>, answer.value.contentType, {
      wants: (metric) => rates.wants(metric),
      take,
    });
    if (lines > 0 && bad === lines) return failing(`${name} answers with something else than metrics.`);
    return whole ? undefined : failing(`The metrics of ${name} end in their midst.`);
  } catch (error) {
    return failing(`${name}: ${wordsOf(error)}`);
  }
}

export async function readApiServer(turn: Turn, rates: RequestRates): Promise<SourceNews> {
  const answer = await turn.transport.stream('/metrics', { timeoutMs: API_TIMEOUT_MS, signal: turn.signal });
  if (!answer.ok) return failureNews('apiServer', '/metrics', answer.failure, 'get /metrics');
  let samples = 0;
  try {
    await readExposition(answer.value.body as AsyncIterable<Buffer>, answer.value.contentType, {
      wants: (name) => name.startsWith('apiserver_') && rates.wants(name),
      take: (sample) => {
        if (rates.take(turn, 'api server', {}, sample)) samples++;
      },
    });
  } catch (error) {
    return { kind: 'apiServer', name: '/metrics', state: 'failing', samples, because: wordsOf(error) };
  }
  return { kind: 'apiServer', name: '/metrics', state: 'used', samples, because: 'requests the API server answers, and works on' };
}
