import type { Evidence, ResourceRef, Unusual } from '../../contract/index.ts';
import { inUnit } from '../../core/signals/watch.ts';
import type { Ctx } from './running-out.ts';

/** What checks of unusual series share. */

export function unusual(ctx: Ctx, ...signals: readonly string[]): readonly Unusual[] {
  const fact = ctx.ask({ type: 'signals' });
  return fact?.ok === true ? fact.value.unusual.filter((u) => signals.includes(u.signal)) : [];
}

const NAMES: Readonly<Record<string, string>> = {
  workload_latency_seconds: 'requests take',
  ingress_latency_seconds: 'requests take',
  dns_latency_seconds: 'answers take',
  apiserver_ping_seconds: 'answers take',
  workload_requests_per_second: 'failed requests',
  ingress_requests_per_second: 'failed requests',
  apiserver_requests_per_second: 'failed requests',
  dns_requests_per_second: 'failed answers',
  workload_cpu_cores: 'processor time',
  workload_throttled_ratio: 'throttled',
  workload_memory_bytes_max: 'memory of a pod',
};

/** "requests take 2 s at the 95th percentile, 80 to 130 ms was expected". */
export function unusualWords({ signal, labels, value, low, high }: Unusual): string {
  const quantile = labels['quantile'];
  const at = quantile === undefined ? '' : quantile === 'mean' ? ' on average' : ` at the ${Number(quantile) * 100}th percentile`;
  return `${NAMES[signal] ?? signal} ${inUnit(signal, value)}${at}, ${inUnit(signal, Math.max(0, low))} to ${inUnit(signal, high)} was expected`;
}

export const unusualEvidence = (resource: ResourceRef, u: Unusual): Evidence => ({
  kind: 'metric',
  resource,
  source: u.signal,
  text: `${unusualWords(u)} (score ${u.score.toFixed(2)}, since ${u.since}); silent after ${u.silentWhen}`,
  at: u.at,
});

/** What an alert says of itself besides. */
export const alertParams = ({
  signal,
  score,
  low,
  high,
  silentWhen,
}: Unusual): { score: number; expected: string; silentWhen: string } => ({
  score: Number(score.toFixed(2)),
  expected: `${inUnit(signal, Math.max(0, low))} to ${inUnit(signal, high)}`,
  silentWhen,
});

/** How many times what was expected. */
export const timesExpected = ({ worst, high }: Unusual): number => (high > 0 ? worst / high : Number.POSITIVE_INFINITY);
