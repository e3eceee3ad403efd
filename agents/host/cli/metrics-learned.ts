import { resolve } from 'node:path';
import type { AlertRules, ContextName, Measure, Sizings, TrafficProfile, Trends } from '../../contract/index.ts';
import { inUnit } from '../../core/signals/watch.ts';
import { hourWords } from '../../core/signals/week.ts';
import type { AppClient } from '../app.ts';
import { replaceFile } from '../replace-file.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { columns, show } from './print.ts';

/** What is learned over weeks, and what an incident teaches: the actions of `metrics` that are asked of the agent. */

interface Asked {
  readonly client: Pick<AppClient, 'signals' | 'cluster'>;
  readonly context: ContextName;
  readonly what: string | undefined;
  readonly flags: CommonFlags;
  readonly out: string | undefined;
}

const bad = (message: string, hint: string) => new Refusal({ code: 'bad-input', message, hint });
const inNamespace = ({ namespace }: CommonFlags) => (namespace[0] === undefined ? {} : { namespace: namespace[0] });

export async function trends({ client, context, flags }: Asked): Promise<number> {
  const answer = await client.signals.trends({ context, ...inNamespace(flags) });
  show(flags, answer, () => trendWords(answer));
  return EXIT.ok;
}

export async function sizing({ client, context, flags }: Asked): Promise<number> {
  await client.cluster.connect({ context });
  const answer = await client.signals.sizing({ context, ...inNamespace(flags) });
  show(flags, answer, () => sizingWords(answer));
  return EXIT.ok;
}

export async function traffic({ client, context, what, flags }: Asked): Promise<number> {
  const [namespace] = flags.namespace;
  if (what === undefined || namespace === undefined)
    throw bad('There is not a workload and its namespace.', 'quarterdeck metrics traffic Deployment/checkout -n shop');
  const answer = await client.signals.traffic({ context, namespace, workload: what });
  show(flags, answer, () => trafficWords(answer));
  return EXIT.ok;
}

export async function rules({ client, what, flags, out }: Asked): Promise<number> {
  if (what === undefined)
    throw bad('There is not an incident.', 'quarterdeck incidents --state all lists them: quarterdeck metrics rules INCIDENT');
  const answer = await client.signals.rules({ incident: what });
  if (answer.rules.length === 0)
    throw new Refusal({ code: 'not-found', message: `No alert can be made of ${what}: nothing in it is a metric that others have too.` });
  if (out === undefined) show(flags, answer, () => answer.text);
  else {
    replaceFile(resolve(out), answer.text, 0o644);
    show(flags, answer, () => rulesWords(answer, out));
  }
  return EXIT.ok;
}

const SIGNAL_OF: Readonly<Record<Measure, string>> = {
  cpu: 'workload_cpu_cores',
  memory: 'workload_memory_bytes',
  requests: 'workload_requests_per_second',
  errors: 'workload_requests_per_second',
  latency: 'workload_latency_seconds',
  received: 'workload_network_receive_bytes_per_second',
  sent: 'workload_network_transmit_bytes_per_second',
};
const unit = (measure: Measure, value: number | null): string => (value === null ? '-' : inUnit(SIGNAL_OF[measure], value));
const percent = (change: number | null): string => (change === null ? '-' : `${change >= 0 ? '+' : ''}${Math.round(100 * change)} %`);

function trendWords({ trends: all, because, truncated }: Trends): string {
  if (all.length === 0) return `Nothing to compare: ${because}.`;
  return [
    columns(
      ['NAMESPACE', 'WORKLOAD', 'MEASURE', 'LAST WEEK', 'THIS WEEK', 'CHANGE', 'PEAK', 'HOURS'],
      all.map((t) => [
        t.namespace,
        t.workload,
        t.measure,
        unit(t.measure, t.weekBefore),
        unit(t.measure, t.thisWeek),
        percent(t.change),
        unit(t.measure, t.peak),
        `${t.hours}`,
      ]),
    ),
    `${because}.`,
    ...(truncated ? ['There are more; name a namespace with -n.'] : []),
  ].join('\n');
}

function sizingWords({ sizings, because, truncated }: Sizings): string {
  const value = (resource: 'cpu' | 'memory', amount: number | null | undefined) =>
    amount === null || amount === undefined ? '-' : inUnit(resource === 'cpu' ? 'workload_cpu_cores' : 'workload_memory_bytes', amount);
  return [
    columns(
      ['NAMESPACE', 'WORKLOAD', 'CONTAINER', 'RESOURCE', 'REQUEST', 'LIMIT', 'WOULD FIT', 'LIMIT', 'DO', 'BECAUSE'],
      sizings.map((s) => [
        s.namespace,
        s.workload,
        s.container,
        s.resource,
        value(s.resource, s.request),
        value(s.resource, s.limit),
        value(s.resource, s.recommended?.request),
        value(s.resource, s.recommended?.limit),
        s.change,
        s.because,
      ]),
    ),
    `${because}.`,
    ...(truncated ? ['There are more; name a namespace with -n.'] : []),
  ].join('\n');
}

function trafficWords({ workload, measure, hours, busiest, because }: TrafficProfile): string {
  if (measure === null || busiest === null) return `Nothing to tell: ${because}.`;
  const most = busiest.mean;
  return [
    `${workload}, ${measure} by the hour of the week:`,
    ...hours.map(
      ({ hour, mean }) =>
        `${hourWords(hour).padEnd(20)} ${unit(measure, mean).padStart(12)}  ${'#'.repeat(Math.round((30 * mean) / (most || 1)))}`,
    ),
    `${because}.`,
  ].join('\n');
}

const rulesWords = ({ rules: made }: AlertRules, out: string): string =>
  [...made.map((rule) => `${rule.alert}: ${rule.because}`), `Written to ${out}. Nothing was applied: read it and apply it yourself.`].join(
    '\n',
  );

export const LEARNED: Readonly<Record<string, (asked: Asked) => Promise<number>>> = { trends, sizing, traffic, rules };
