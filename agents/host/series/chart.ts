import { type Chart, type ChartLine, MOST_LINES, MOST_SPANS, type Outcome, type Outlook } from '../../contract/index.ts';
import { parseMatchers } from '../../core/promql/parser.ts';
import { PromqlError } from '../../core/promql/syntax.ts';
import { bySoonest, outlookOf } from '../../core/signals/outlook.ts';
import { LIMITED } from '../../core/signals/watched.ts';
import { worded } from './ask.ts';
import type { Span } from './block.ts';
import { READ_BACK_MS, matchersOf, pointsOf } from './read-back.ts';
import type { Labels, SeriesDatabase } from './series-database.ts';

/** Kept series as charts and cards show them. */

export interface ChartAsk {
  readonly of: readonly string[];
  /** Milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly counters: 'rate' | 'total';
}

/** Spans no longer than this are the samples themselves: no source is read more often. */
const AS_THEY_CAME_MS = 15_000;
/** Samples are missing where none came for so many times the usual, and never before so long. */
const MISSED = 3;
const LEAST_GAP_MS = 90_000;
/** A counter says nothing of what happened across a hole. */
const RATE_OVER_MS = 5 * 60_000;
const COUNTER = /_total$/;

export function answerChart(db: SeriesDatabase, cluster: string, { of, start, end, step, counters }: ChartAsk): Outcome<Chart> {
  return worded(of.join(' '), () => {
    if ((end - start) / step > MOST_SPANS) throw new PromqlError(`a chart has at most ${MOST_SPANS} spans: take a longer step`);
    const lines: ChartLine[] = [];
    for (const [i, selector] of of.entries())
      for (const { id, labels } of db.labels(cluster, parseMatchers(selector))) {
        if (lines.length >= MOST_LINES) return { lines, truncated: true };
        const line = lineOf(spansOf(db, cluster, { id, labels }, { start, end, step, counters }));
        if (line !== undefined) lines.push({ of: i, labels: { ...labels }, ...line });
      }
    return { lines, truncated: false };
  });
}

function spansOf(
  db: SeriesDatabase,
  cluster: string,
  { id, labels }: { readonly id: number; readonly labels: Labels },
  { start, end, step, counters }: Omit<ChartAsk, 'of'>,
): readonly Span[] {
  const each = step <= AS_THEY_CAME_MS ? 1 : step;
  if (counters === 'total' || !COUNTER.test(labels['__name__'] ?? '')) return db.range(cluster, labels, start, end, each);
  return folded(rates(db.samples(id, labels, start - RATE_OVER_MS, end)), start, each);
}

/** What a counter grew by in a second, at each sample but the first; one that began again grew by what it is. */
function* rates({ at, values }: { readonly at: ArrayLike<number>; readonly values: ArrayLike<number> }): Generator<[number, number]> {
  for (let i = 1; i < at.length; i++) {
    const [passed, before, now] = [at[i]! - at[i - 1]!, values[i - 1]!, values[i]!];
    if (passed <= RATE_OVER_MS) yield [at[i]!, ((now >= before ? now - before : now) * 1000) / passed];
  }
}

function folded(points: Iterable<[number, number]>, start: number, step: number): readonly Span[] {
  const out: { at: number; min: number; max: number; sum: number; count: number }[] = [];
  for (const [at, value] of points) {
    if (at < start) continue;
    const begins = Math.floor(at / step) * step;
    const last = out.at(-1);
    if (last?.at === begins) {
      last.min = Math.min(last.min, value);
      last.max = Math.max(last.max, value);
      last.sum += value;
      last.count++;
    } else out.push({ at: begins, min: value, max: value, sum: value, count: 1 });
  }
  return out;
}

function lineOf(spans: readonly Span[]): Omit<ChartLine, 'of' | 'labels'> | undefined {
  if (spans.length === 0) return undefined;
  const at = spans.map((s) => s.at);
  return {
    at,
    min: spans.map((s) => s.min),
    max: spans.map((s) => s.max),
    mean: spans.map((s) => s.sum / s.count),
    gaps: gapsOf(at),
  };
}

export function gapsOf(at: readonly number[]): [number, number][] {
  const between = at.slice(1).map((t, i) => t - at[i]!);
  const usual = between.toSorted((a, b) => a - b)[Math.floor(between.length / 2)] ?? 0;
  const least = Math.max(LEAST_GAP_MS, MISSED * usual);
  return between.flatMap((passed, i): [number, number][] => (passed > least ? [[at[i]!, at[i + 1]!]] : []));
}

export interface OutlookAsk {
  readonly labels: Labels;
  readonly now: number;
}

const MOST_OUTLOOKS = 30;
/** What has not been heard of for so long is gone. */
const GONE_MS = 15 * 60_000;

export function answerOutlook(
  db: SeriesDatabase,
  cluster: string,
  { labels, now }: OutlookAsk,
): { outlooks: Outlook[]; truncated: boolean } {
  const outlooks: Outlook[] = [];
  let looked = 0;
  for (const [signal, { limit: limitSignal }] of Object.entries(LIMITED))
    for (const series of db.labels(cluster, matchersOf({ __name__: signal, ...labels }))) {
      const { __name__: _, ...its } = series.labels;
      const [limit] = db.select(cluster, matchersOf({ __name__: limitSignal, ...its }), now - GONE_MS, now);
      const most = limit?.values.at(-1);
      if (most === undefined) continue;
      if (++looked > MOST_OUTLOOKS) return { outlooks: outlooks.sort(bySoonest), truncated: true };
      const points = pointsOf(db.samples(series.id, series.labels, now - READ_BACK_MS, now));
      if ((points.at(-1)?.at ?? 0) < now - GONE_MS) continue;
      const outlook = outlookOf({ signal, labels: its, limit: most }, points);
      if (outlook !== undefined) outlooks.push(outlook);
    }
  return { outlooks: outlooks.sort(bySoonest), truncated: false };
}
