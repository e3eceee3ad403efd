import type { Matcher, Samples } from '../../core/promql/reader.ts';
import type { Point } from '../../core/signals/series-row.ts';
import type { Labels } from './series-database.ts';

/** How kept series are read by who foretells. */

/** A day ahead needs four hours; four days show the way of a day. */
export const READ_BACK_MS = 4 * 24 * 3_600_000;

/** Matchers of the series that have these labels, whatever others they have. */
export const matchersOf = (labels: Labels): Matcher[] => Object.entries(labels).map(([name, value]) => ({ name, op: '=', value }));

export const pointsOf = ({ at, values }: Pick<Samples, 'at' | 'values'>): Point[] =>
  Array.from(at, (time, i) => ({ at: time, value: values[i] ?? Number.NaN }));
