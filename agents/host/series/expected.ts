import type { Expected, Outcome } from '../../contract/index.ts';
import { AnomalyDetector } from '../../core/signals/anomalies.ts';
import { parseMatchers } from '../../core/promql/parser.ts';
import { PromqlError } from '../../core/promql/syntax.ts';
import { worded } from './ask.ts';
import type { SeriesDatabase } from './series-database.ts';

/** Where a kept series was expected: the detector is led through it again, from before the range on. */

/** What is learned from before: two weeks show what a day and a week look like. */
const LEARN_MS = 14 * 24 * 3_600_000;

export function answerExpected(
  db: SeriesDatabase,
  cluster: string,
  match: string,
  from: number,
  to: number,
  points: number,
): Outcome<Expected> {
  return worded(match, () => {
    const [series, ...others] = db.labels(cluster, parseMatchers(match));
    if (series === undefined) throw new PromqlError('no series matches that');
    if (others.length > 0) throw new PromqlError(`${others.length + 1} series match that: name all labels of one`);
    const samples = db.samples(series.id, series.labels, from - LEARN_MS, to);
    const detector = new AnomalyDetector();
    const answer: Expected = { labels: { ...series.labels }, at: [], values: [], low: [], high: [], score: [], learned: 0 };
    const within = samples.at.reduce((count, at) => count + (at >= from ? 1 : 0), 0);
    const every = Math.max(1, Math.ceil(within / points));
    let seen = 0;
    for (let i = 0; i < samples.at.length; i++) {
      const [at, value] = [samples.at[i] ?? Number.NaN, samples.values[i] ?? Number.NaN];
      if (!Number.isFinite(value)) continue;
      const { low, high, score } = detector.next(at, value);
      if (at < from) answer.learned++;
      else if (seen++ % every === 0) add(answer, at, value, low, high, score);
      // What is left out must not hide what was unusual.
      else if (score > (answer.score.at(-1) ?? 0)) replace(answer, at, value, low, high, score);
    }
    return answer;
  });
}

function add({ at, values, low, high, score }: Expected, ...[a, v, l, h, s]: readonly [number, number, number, number, number]): void {
  at.push(a);
  values.push(v);
  low.push(l);
  high.push(h);
  score.push(s);
}

function replace(answer: Expected, ...one: readonly [number, number, number, number, number]): void {
  for (const column of [answer.at, answer.values, answer.low, answer.high, answer.score]) column.pop();
  add(answer, ...one);
}
