import { type Outlook, unitOf, valueWords } from '../../contract/index.ts';
import { type Forecast, forecast } from './forecast.ts';
import { LEAST_USED } from './limits.ts';
import type { Point } from './series-row.ts';
import type { SeriesLabels } from './watch.ts';
import { LIMITED } from './watched.ts';

/** What is foretold of one series when a person looks at it: also that it lasts, and that too little is known to say. */

const WORTH_SAYING_MS = 30 * 60_000;

export interface Limited {
  readonly signal: string;
  readonly labels: SeriesLabels;
  readonly limit: number;
}

/** `points`: what is kept of it, up to now. Undefined where there is none, or the signal has no limit. */
export function outlookOf({ signal, labels, limit }: Limited, points: readonly Point[]): Outlook | undefined {
  const limited = LIMITED[signal as keyof typeof LIMITED];
  const last = points.at(-1);
  if (limited === undefined || last === undefined || !(limit > 0)) return undefined;
  const of = { signal, labels, limitSignal: limited.limit, limit, value: last.value, at: time(last.at) };
  const nothing = { exhaustsAt: null, earliest: null, latest: null, since: null, knownSince: time(points[0]!.at) };
  const horizonSeconds = (limited.horizons.find((horizon) => horizon >= WORTH_SAYING_MS) ?? 0) / 1000;
  if (last.value >= limit)
    return {
      ...of,
      ...nothing,
      horizonSeconds: 0,
      state: 'reached',
      confidence: 1,
      because: `it is at ${shown(signal, last.value)} of ${shown(signal, limit)} now`,
    };
  if (last.value < LEAST_USED * limit) {
    const because = `it is at ${Math.round((100 * last.value) / limit)} % of its limit; below ${LEAST_USED * 100} % nothing is foretold`;
    return { ...of, ...nothing, horizonSeconds, state: 'lasts', confidence: 0.9, because };
  }
  let best: Outlook | undefined;
  for (const horizon of limited.horizons) {
    const told = forecast(points, limit, horizon);
    const one = { ...of, ...nothing, horizonSeconds: horizon / 1000, confidence: told.confidence, because: inWords(signal, told.because) };
    if (told.exhaustsAt !== null) return { ...one, ...timesOf(told), exhaustsAt: time(told.exhaustsAt), state: 'runsOut' };
    // That it lasts for ten minutes is no answer to whether it lasts.
    if (horizon < WORTH_SAYING_MS) continue;
    const known = told.confidence > 0;
    // What is known of a nearer time is worth more than that nothing is of a farther one.
    if (best === undefined || known) best = { ...one, state: known ? 'lasts' : 'unknown' };
    else best = { ...best, because: `${best.because}; for ${hours(horizon)} ahead: ${one.because}` };
  }
  return best;
}

const timesOf = ({ earliest, latest, since }: Forecast) => ({
  earliest: earliest === null ? null : time(earliest),
  latest: latest === null ? null : time(latest),
  since: since === null ? null : time(since),
});
const time = (ms: number): string => new Date(ms).toISOString();
const hours = (ms: number): string => (ms < 2 * 3_600_000 ? `${ms / 60_000} minutes` : `${ms / 3_600_000} hours`);
const shown = (signal: string, value: number): string => valueWords(unitOf(signal), value);

/** A forecast's own words, with the rise in the unit of the series and without where it is, which is said beside it. */
export const inWords = (signal: string, because: string): string =>
  because
    .replace(/, and is at \S+ of [^\s:]+/, '')
    .replace(
      /(rises by )(\S+)( an hour)/,
      (_, before: string, rise: string, after: string) => `${before}${shown(signal, Number(rise))}${after}`,
    );

/** Soonest first, then what cannot be said, then what lasts. */
export const bySoonest = (a: Outlook, b: Outlook): number =>
  ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
  (a.exhaustsAt ?? '').localeCompare(b.exhaustsAt ?? '') ||
  b.value / b.limit - a.value / a.limit;
const ORDER: readonly Outlook['state'][] = ['reached', 'runsOut', 'unknown', 'lasts'];
