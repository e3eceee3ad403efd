import type { Outcome } from '../../contract/index.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { MetricsTransport } from '../cluster/metrics-transport.ts';
import { Part } from './back-fill.ts';
import { type NamedPrometheus, type Prometheus, byUrl, prometheusServices, throughApi } from './prometheus.ts';
import { ASKED } from './prometheus-signals.ts';
import type { SourceNews, Turn } from './turn.ts';

/** Looks for a Prometheus that answers: the one a person named, else those among the Services. */
export async function findPrometheus(
  session: Pick<ClusterSession, 'keys' | 'object'>,
  transport: MetricsTransport,
  named: NamedPrometheus | undefined,
  signal: AbortSignal,
): Promise<{ readonly prometheus: Prometheus | undefined; readonly news: readonly SourceNews[] }> {
  const candidates = named === undefined ? prometheusServices(session).map((one) => throughApi(transport, one)) : [byUrl(named)];
  const news: SourceNews[] = [];
  for (const prometheus of candidates) {
    const answer = await prometheus.get('query', { query: 'count by (job) (up)' }, signal);
    if (!answer.ok) {
      const forbidden = answer.failure.code === 'forbidden';
      const needs = forbidden && named === undefined ? 'get services/proxy' : undefined;
      const state = forbidden ? 'forbidden' : 'failing';
      news.push({ kind: 'prometheus', name: prometheus.name, state, samples: 0, because: answer.failure.message, needs });
      continue;
    }
    const jobs = answer.value.map((s) => s.metric['job'] ?? '').filter((job) => job !== '');
    const states = jobs.find((job) => job.includes('kube-state-metrics'));
    if (states !== undefined)
      news.push({
        kind: 'kubeStateMetrics',
        name: states,
        state: 'standby',
        samples: 0,
        because: `what it says is read from the objects themselves; its past comes from ${prometheus.name}`,
      });
    return { prometheus, news };
  }
  return { prometheus: undefined, news };
}

/** What it says of this moment, where nothing nearer says it. */
export async function readPrometheus(turn: Turn, prometheus: Prometheus, nodes: readonly string[]): Promise<SourceNews> {
  const part = new Part({ feed: turn.feed, owners: turn.owners, keepsPods: turn.keepsPods, nodes }, turn.now - 10 * 60_000);
  let samples = 0;
  let failed: Extract<Outcome<never>, { ok: false }> | undefined;
  for (const { query, signal, to } of ASKED) {
    // Restarts are read from the pods themselves.
    if (signal === 'container_restarts_total') continue;
    const answer = await prometheus.get('query', { query }, turn.signal);
    if (!answer.ok) failed = answer;
    else for (const series of answer.value) samples += part.take(signal, to, series);
  }
  part.finish();
  if (failed !== undefined)
    return { kind: 'prometheus', name: prometheus.name, state: 'failing', samples, because: failed.failure.message };
  return {
    kind: 'prometheus',
    name: prometheus.name,
    state: 'used',
    samples,
    because: 'all that the cluster itself does not say, and what was before',
  };
}
