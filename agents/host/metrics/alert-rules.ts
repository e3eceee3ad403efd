import type { AlertRules, Incident } from '../../contract/index.ts';
import { type Measured, alertRulesOf } from '../../core/signals/alert-rules.ts';
import type { Metrics } from './metrics.ts';

/** What the series that people notice were before an incident, and at their worst in it, as far as it is kept. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ASKED = [
  ['workload_latency_seconds', ',quantile="0.95"'],
  ['workload_requests_per_second', ',class="5xx"'],
  ['workload_cpu_cores', ''],
] as const;

export async function alertRulesFor(incident: Incident, metrics: Pick<Metrics, 'query'>): Promise<AlertRules> {
  const { kind, name, namespace = '' } = incident.rootCause.resource;
  const [began, ended] = [Date.parse(incident.firstSeen), Date.parse(incident.lastSeen)];
  const measured: Measured[] = [];
  for (const [signal, more] of ASKED) {
    const series = `${signal}{namespace=${JSON.stringify(namespace)},workload=${JSON.stringify(`${kind}/${name}`)}${more}}`;
    const ask = async (query: string, at: number) => {
      const answer = await metrics.query(incident.context, { query, start: at, end: at, step: 1_000, instant: true, limit: 1 });
      const value = answer.ok ? answer.value.series[0]?.values[0] : undefined;
      return typeof value === 'number' ? value : undefined;
    };
    // It was noticed a while after it began.
    const usual = await ask(`quantile_over_time(0.5, ${series}[1h])`, began - 5 * MINUTE);
    const minutes = Math.ceil((Math.min(ended, began + 24 * HOUR) - began) / MINUTE) + 5;
    const worst = await ask(`max_over_time(${series}[${minutes}m])`, Math.min(ended, began + 24 * HOUR) + MINUTE);
    if (worst !== undefined) measured.push({ signal, usual: usual ?? 0, worst });
  }
  return alertRulesOf(incident, measured);
}
