import type { Measure, MetricProfile, Trend } from '../../../contract/index.ts';
import { defineOffer } from '../../../core/agent.ts';
import { HOUR, HOURS_A_WEEK } from '../../../core/signals/week.ts';
import { profilesOf, rounded, selector } from './profiles.ts';

const WEEK = HOURS_A_WEEK * HOUR;
const MOST = 1_000;
/** Fewer hours of the week in common say nothing about the week. */
const LEAST_COMPARED = 3;

interface Asked {
  readonly measure: Measure;
  readonly unit: Trend['unit'];
  readonly signal: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Series of one workload are added up: classes of answers. */
  readonly sum?: boolean;
}
const ASKED: readonly Asked[] = [
  { measure: 'cpu', unit: 'cores', signal: 'workload_cpu_cores' },
  { measure: 'memory', unit: 'bytes', signal: 'workload_memory_bytes' },
  { measure: 'requests', unit: 'per second', signal: 'workload_requests_per_second', sum: true },
  { measure: 'errors', unit: 'per second', signal: 'workload_requests_per_second', labels: { class: '5xx' } },
  { measure: 'latency', unit: 'seconds', signal: 'workload_latency_seconds', labels: { quantile: '0.95' } },
  { measure: 'received', unit: 'bytes per second', signal: 'workload_network_receive_bytes_per_second' },
  { measure: 'sent', unit: 'bytes per second', signal: 'workload_network_transmit_bytes_per_second' },
];

/** Week over week by workload: like is compared with like, the hours of the week that were seen in both. */
export const trends = defineOffer('observability.trends', {
  kinds: [],
  run: ({ input: { namespace }, ask, now }) => {
    const to = rounded(now);
    const middle = to - WEEK;
    let truncated = false;
    const found = ASKED.flatMap((asked) => {
      const match = selector(asked.signal, { namespace, ...asked.labels });
      const [these, before] = [profilesOf(ask, match, middle, to), profilesOf(ask, match, middle - WEEK, middle)];
      truncated ||= these.truncated;
      const earlier = byWorkload(before.series, asked.sum === true);
      return [...byWorkload(these.series, asked.sum === true)].map(([key, hours]) => trendOf(asked, key, hours, earlier.get(key)));
    });
    found.sort((a, b) => size(b) - size(a) || (keyOf(a) < keyOf(b) ? -1 : 1));
    const compared = found.filter((t) => t.change !== null).length;
    return {
      trends: found.slice(0, MOST),
      from: new Date(middle - WEEK).toISOString(),
      middle: new Date(middle).toISOString(),
      to: new Date(to).toISOString(),
      because: becauseOf(found, compared),
      truncated: truncated || found.length > MOST,
    };
  },
});

const keyOf = ({ namespace, workload, measure }: Trend): string => `${namespace}/${workload}/${measure}`;
/** A doubling and a halving are as large. */
const size = ({ change }: Trend): number => (change === null ? -1 : Math.abs(Math.log2(Math.max(1e-3, 1 + change))));

type Hours = ReadonlyMap<number, { readonly mean: number; readonly max: number }>;

function byWorkload(series: readonly MetricProfile[], sum: boolean): ReadonlyMap<string, Hours> {
  const found = new Map<string, Map<number, { mean: number; max: number }>>();
  for (const { labels, hours } of series) {
    const key = `${labels['namespace'] ?? ''}|${labels['workload'] ?? ''}`;
    const own = found.get(key) ?? new Map<number, { mean: number; max: number }>();
    found.set(key, own);
    for (const { hour, mean, max } of hours) {
      const there = own.get(hour);
      own.set(hour, there === undefined || !sum ? { mean, max } : { mean: there.mean + mean, max: there.max + max });
    }
  }
  return found;
}

function trendOf({ measure, unit }: Asked, key: string, hours: Hours, before: Hours | undefined): Trend {
  const [namespace = '', workload = ''] = key.split('|');
  const both = [...hours.keys()].filter((hour) => before?.has(hour) === true);
  const mean = (of: Hours, which: readonly number[]) => which.reduce((sum, hour) => sum + (of.get(hour)?.mean ?? 0), 0) / which.length;
  const enough = before !== undefined && both.length >= LEAST_COMPARED;
  const thisWeek = mean(hours, enough ? both : [...hours.keys()]);
  const weekBefore = enough ? mean(before, both) : null;
  return {
    ...{ namespace, workload, measure, unit, thisWeek, weekBefore },
    change: weekBefore === null || weekBefore <= 0 ? null : thisWeek / weekBefore - 1,
    peak: Math.max(...[...hours.values()].map((h) => h.max)),
    hours: hours.size,
    compared: enough ? both.length : 0,
  };
}

function becauseOf(found: readonly Trend[], compared: number): string {
  if (found.length === 0) return 'no metrics of workloads are kept yet';
  if (compared === 0)
    return `nothing is known of the week before yet: what is kept is of ${Math.max(...found.map((t) => t.hours))} hours of this week`;
  const hours = found.filter((t) => t.change !== null).map((t) => t.compared);
  return `compared are the hours of the week that were seen in both, ${Math.min(...hours)} to ${Math.max(...hours)} of ${HOURS_A_WEEK}`;
}
