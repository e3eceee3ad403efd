import type { MetricAnswer, MetricSeries, MetricValue, Outcome } from '../../contract/index.ts';
import { type Answer, evaluateAt, evaluateRange } from '../../core/promql/evaluate.ts';
import { parse, parseMatchers } from '../../core/promql/parser.ts';
import type { SeriesReader } from '../../core/promql/reader.ts';
import { PromqlError } from '../../core/promql/syntax.ts';
import type { RangeAsk } from './protocol.ts';
import type { Labels, SeriesDatabase } from './series-database.ts';

/** Questions to the kept series of one cluster. */

/** Samples that one question may read: more would fill the memory of the thread. */
const MOST_SAMPLES = 20_000_000;

function readerOf(db: SeriesDatabase, cluster: string): SeriesReader {
  let left = MOST_SAMPLES;
  return {
    select: (matchers, from, to) => {
      const series = db.select(cluster, matchers, from, to, left);
      for (const { at } of series) left -= at.length;
      if (left < 0) throw new PromqlError('that reads more samples than fit into memory: take fewer series or a shorter time');
      return series;
    },
  };
}

export function answerQuery(db: SeriesDatabase, cluster: string, ask: RangeAsk): Outcome<MetricAnswer> {
  return worded(ask.query, () => {
    const expr = parse(ask.query);
    const reader = readerOf(db, cluster);
    return shown(ask.instant ? evaluateAt(reader, { expr, at: ask.end }) : evaluateRange(reader, { expr, ...ask }), ask.limit);
  });
}

export function answerLabels(
  db: SeriesDatabase,
  cluster: string,
  match: string | undefined,
  limit: number,
): Outcome<{ series: readonly Labels[]; truncated: boolean }> {
  return worded(match ?? '', () => {
    const found = db.labels(cluster, match === undefined ? [] : parseMatchers(match));
    return { series: found.slice(0, limit).map((s) => s.labels), truncated: found.length > limit };
  });
}

export function answerSamples(
  db: SeriesDatabase,
  cluster: string,
  match: string,
  from: number,
  to: number,
  limit: number,
): Outcome<readonly MetricSeries[]> {
  return worded(match, () =>
    readerOf(db, cluster)
      .select(parseMatchers(match), from, to)
      .slice(0, limit)
      .map(({ labels, at, values }) => ({ labels, at: [...at], values: Array.from(values, sayable) })),
  );
}

export function worded<T>(query: string, work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    const where = error.place === undefined ? '' : ` (at character ${error.place + 1} of ${JSON.stringify(short(query))})`;
    return {
      ok: false,
      failure: {
        code: 'bad-input',
        message: `The question cannot be answered: ${error.message}${where}.`,
        hint: 'docs/promql.md says what can be asked.',
      },
    };
  }
}

function shown(answer: Answer, limit: number): MetricAnswer {
  const warnings = [...answer.warnings];
  if (answer.type === 'string') return { type: 'string', series: [], text: answer.text, warnings, truncated: false };
  const series = answer.series.slice(0, limit).map(({ labels, at, values }) => ({ labels, at: [...at], values: values.map(sayable) }));
  return { type: answer.type, series, text: null, warnings, truncated: answer.series.length > limit };
}

/** JSON has no words for these. */
function sayable(value: number): MetricValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
