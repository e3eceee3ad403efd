import { type ChartLine, type SignalUnit, valueWords } from '../../agents/contract/index.ts';
import { clockWords } from '../state/cluster-words.ts';
import { AS_THEY_CAME_MS, spanAt } from './columns.ts';

/** A chart in words: for who does not see it, and as the line below it for everybody. Pure. */

export interface NamedLine extends Pick<ChartLine, 'at' | 'min' | 'max' | 'mean' | 'gaps'> {
  readonly words: string;
  readonly limit: boolean;
}

export interface Told {
  readonly unit: SignalUnit;
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly locale?: string;
}

/** Longer ago than this it is said when the last value came. */
const OLD_MS = 3 * 60_000;

export function lineWords(line: NamedLine, { unit, from, to, now, locale }: Told): string {
  let [least, most, last] = [Infinity, -Infinity, -1];
  line.at.forEach((t, i) => {
    if (t < from || t > to) return;
    least = Math.min(least, line.min[i] ?? Infinity);
    most = Math.max(most, line.max[i] ?? -Infinity);
    last = i;
  });
  const name = capital(line.words);
  if (last < 0) return `${name}: nothing in this time.`;
  const clock = (t: number) => clockWords(t, now, locale);
  const [value, at] = [line.mean[last]!, line.at[last]!];
  const ends = to - at > OLD_MS ? ` at ${clock(at)}, and nothing after it` : '';
  const range = least === most ? '' : `, ${valueWords(unit, least)} to ${valueWords(unit, most)} in this time`;
  const gaps = line.gaps.filter(([a, b]) => b > from && a < to).map(([a, b]) => `${clock(a)} and ${clock(b)}`);
  const missing = gaps.length === 0 ? '' : `; nothing between ${listed(gaps)}`;
  return `${name}: ${valueWords(unit, value)}${ends}${range}${missing}.`;
}

export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const MOST_GAPS = 3;
function listed(gaps: readonly string[]): string {
  const more = gaps.length - MOST_GAPS;
  return more > 0 ? `${gaps.slice(0, MOST_GAPS).join(', ')} and ${more} times more` : gaps.join(', ');
}

/** The value of a line at a moment: exact where it is one sample, else the least and the greatest of its span. */
export function valueAt(line: NamedLine, t: number, step: number, unit: SignalUnit): string | undefined {
  const i = spanAt(line, t, Math.max(step, 60_000));
  if (i === undefined) return undefined;
  const [least, most] = [line.min[i]!, line.max[i]!];
  return least === most ? valueWords(unit, most) : `${valueWords(unit, least)} to ${valueWords(unit, most)}`;
}

/** The time of a moment, to the second; of a span from when to when. */
export function momentWords(t: number, step: number, now: number, locale?: string): string {
  const day = new Date(t).toDateString() === new Date(now).toDateString() ? {} : ({ day: 'numeric', month: 'short' } as const);
  const exact = (at: number) => new Date(at).toLocaleString(locale, { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return step <= AS_THEY_CAME_MS
    ? exact(t)
    : `${exact(t)} to ${new Date(t + step).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })}`;
}
