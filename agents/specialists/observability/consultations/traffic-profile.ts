import type { Measure, MetricProfile, TrafficProfile } from '../../../contract/index.ts';
import { defineOffer } from '../../../core/agent.ts';
import { HOUR, HOURS_A_WEEK, hourWords } from '../../../core/signals/week.ts';
import { profilesOf, rounded, selector } from './profiles.ts';

/** So many weeks are looked back on. */
const WEEKS = 4;

const ASKED: readonly (readonly [Measure, string, string])[] = [
  ['requests', 'workload_requests_per_second', 'per second'],
  ['received', 'workload_network_receive_bytes_per_second', 'bytes per second'],
  ['cpu', 'workload_cpu_cores', 'cores'],
];

/** When in the week a workload is busy, as later scaling can use it: hours, how alike the days are, and what that stands on. */
export const trafficProfile = defineOffer('observability.trafficProfile', {
  kinds: [],
  run: ({ input: { namespace, workload }, ask, now }): TrafficProfile => {
    const to = rounded(now);
    for (const [measure, signal, unit] of ASKED) {
      const { series } = profilesOf(ask, selector(signal, { namespace, workload }), to - WEEKS * HOURS_A_WEEK * HOUR, to);
      if (series.length > 0) return { namespace, workload, measure, unit, ...shapeOf(series) };
    }
    const nothing = { hours: [], busiest: null, quietest: null, alike: null };
    return { namespace, workload, measure: null, unit: '', ...nothing, because: `no metrics of ${workload} are kept yet` };
  },
});

function shapeOf(series: readonly MetricProfile[]): Pick<TrafficProfile, 'hours' | 'busiest' | 'quietest' | 'alike' | 'because'> {
  const hours = Array.from({ length: HOURS_A_WEEK }, (_, hour) => {
    const own = series.flatMap((s) => s.hours.filter((h) => h.hour === hour));
    return own.length === 0
      ? undefined
      : { hour, mean: own.reduce((sum, h) => sum + h.mean, 0), max: own.reduce((sum, h) => sum + h.max, 0) };
  }).filter((hour) => hour !== undefined);
  const [first] = [...hours].sort((a, b) => b.mean - a.mean);
  const [last] = [...hours].sort((a, b) => a.mean - b.mean);
  const alike = alikeness(daysOf(series));
  const shape =
    alike === null
      ? 'less than two whole days were seen'
      : alike >= 0.6
        ? 'its days are alike'
        : 'its days differ: what it does tomorrow cannot be told from yesterday';
  return {
    hours,
    busiest: first === undefined ? null : { hour: first.hour, mean: first.mean },
    quietest: last === undefined ? null : { hour: last.hour, mean: last.mean },
    alike: alike === null ? null : Number(alike.toFixed(2)),
    because:
      first === undefined || last === undefined
        ? 'nothing was seen'
        : `${hours.length} of ${HOURS_A_WEEK} hours of the week were seen; busiest ${hourWords(first.hour)}, quietest ${hourWords(last.hour)}; ${shape}`,
  };
}

/** All series of it together, whole days only. */
function daysOf(series: readonly MetricProfile[]): readonly (readonly number[])[] {
  const count = Math.max(...series.map((s) => s.days.length));
  return Array.from({ length: count }, (_, day) =>
    Array.from({ length: 24 }, (_hour, hour) =>
      series.reduce((sum, s) => {
        const value = s.days[day]?.[hour];
        return value === undefined || value === null ? sum : (Number.isNaN(sum) ? 0 : sum) + value;
      }, Number.NaN),
    ),
  ).filter((day) => day.every((value) => !Number.isNaN(value)));
}

/** The mean correlation of each day with the mean of the others. */
function alikeness(days: readonly (readonly number[])[]): number | null {
  if (days.length < 2) return null;
  const each = days.map((day, i) => {
    const others = days.filter((_, j) => j !== i);
    return correlation(
      day,
      day.map((_, hour) => others.reduce((sum, other) => sum + (other[hour] ?? 0), 0) / others.length),
    );
  });
  return Math.max(0, each.reduce((sum, one) => sum + one, 0) / each.length);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, v) => sum + v, 0) / of.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number) => a.reduce((all, _, i) => all + f(i), 0);
  const size = Math.sqrt(sum((i) => ((a[i] ?? 0) - ma) ** 2) * sum((i) => ((b[i] ?? 0) - mb) ** 2));
  return size === 0 ? 0 : sum((i) => ((a[i] ?? 0) - ma) * ((b[i] ?? 0) - mb)) / size;
}
