import type { MetricProfile, Outcome } from '../../contract/index.ts';
import { HOUR, HOURS_A_WEEK, hourOfWeek } from '../../core/signals/week.ts';
import { parseMatchers } from '../../core/promql/parser.ts';
import { worded } from './ask.ts';
import type { Span } from './block.ts';
import type { SeriesDatabase } from './series-database.ts';

/** Series in figures: what an agent needs of weeks, without the samples themselves. */

const MINUTE = 60_000;
const DAY = 24 * HOUR;
/** Reading a week of one takes about a millisecond. */
const MOST_SERIES = 500;

type Profiles = Outcome<{ readonly series: readonly MetricProfile[]; readonly truncated: boolean }>;

export function answerProfiles(db: SeriesDatabase, cluster: string, match: string, from: number, to: number): Profiles {
  return worded(match, () => {
    const found = db.labels(cluster, parseMatchers(match));
    const series = found.slice(0, MOST_SERIES).flatMap(({ labels }) => {
      const spans = db.range(cluster, labels, from, to, MINUTE);
      return spans.length === 0 ? [] : [profileOf(labels, spans, from, to)];
    });
    return { series, truncated: found.length > MOST_SERIES };
  });
}

interface Hour {
  sum: number;
  count: number;
  max: number;
}

function profileOf(labels: Readonly<Record<string, string>>, spans: readonly Span[], from: number, to: number): MetricProfile {
  const means = Float64Array.from(spans, (s) => s.sum / s.count).sort();
  const at = (share: number) => means[Math.min(means.length - 1, Math.ceil(share * means.length) - 1)] ?? 0;
  const hours = new Map<number, Hour>();
  for (const span of spans) {
    const hour = Math.floor(span.at / HOUR);
    const there = hours.get(hour);
    if (there === undefined) hours.set(hour, { sum: span.sum, count: span.count, max: span.max });
    else {
      there.sum += span.sum;
      there.count += span.count;
      there.max = Math.max(there.max, span.max);
    }
  }
  const samples = spans.reduce((sum, s) => sum + s.count, 0);
  const first = Math.floor(from / DAY);
  const days = Array.from({ length: Math.ceil(to / DAY) - first }, (_, day) =>
    Array.from({ length: 24 }, (_hour, hour) => {
      const own = hours.get((first + day) * 24 + hour);
      return own === undefined ? null : own.sum / own.count;
    }),
  );
  return {
    labels,
    samples,
    hoursSeen: hours.size,
    since: new Date(spans[0]?.at ?? from).toISOString(),
    min: spans.reduce((least, s) => Math.min(least, s.min), Infinity),
    max: spans.reduce((most, s) => Math.max(most, s.max), -Infinity),
    mean: spans.reduce((sum, s) => sum + s.sum, 0) / samples,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    hours: byHourOfWeek(hours),
    days,
  };
}

/** Each hour counts once, however many samples it has: a week that was only partly watched weighs no less. */
function byHourOfWeek(hours: ReadonlyMap<number, Hour>): MetricProfile['hours'] {
  const week = Array.from({ length: HOURS_A_WEEK }, () => ({ means: 0, count: 0, max: -Infinity }));
  for (const [hour, { sum, count, max }] of hours) {
    const own = week[hourOfWeek(hour * HOUR)];
    if (own === undefined) continue;
    own.means += sum / count;
    own.count++;
    own.max = Math.max(own.max, max);
  }
  return week.flatMap(({ means, count, max }, hour) => (count === 0 ? [] : [{ hour, mean: means / count, max }]));
}
