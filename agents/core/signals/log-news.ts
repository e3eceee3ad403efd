import type { LogNews } from '../../contract/index.ts';
import { MINUTE, type Minutes } from './minutes.ts';

/** What is news about the errors a workload logs: measured per pod and minute that was read, against what was before. */

/** A revision's share in a pattern. `settled`: lines that are neither of a start nor of an ending, and when the first and last were. */
export interface OfRevision {
  lines: number;
  settled: number;
  first: number;
  lastSettled: number;
}

/** What was read: of each revision when it was rolled out and how many minutes of its pods, and in which minutes anything was. */
export interface Exposure {
  readonly revisions: Map<string, { podMinutes: number; at: number }>;
  readonly covered: Minutes;
}

/** What is known of a pattern for that. */
export interface Judged {
  readonly id: string;
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly minutes: Minutes;
  readonly revisions: ReadonlyMap<string, OfRevision>;
  news: LogNews | undefined;
  /** It is a part of one that was there before, or holds lines of many kinds: it cannot be new. */
  isOld: boolean;
}

/** A rollout longer ago is not suspected any more. */
const SUSPECT_MS = 60 * MINUTE;
/** Stamps of the runtime and of the API server. */
const CLOCKS_MS = 2_000;
/** Once may be chance, and what ceases by itself is not waited for by anybody. */
const LEAST_LINES = 3;
const LEAST_SPREAD_MS = 10_000;
const FRESH_MS = 90_000;
/** What must have been read of earlier revisions before something can be new against them, minutes of pods. */
const LEAST_BEFORE = 0.4;
const MORE = { before: 3, after: 1, lines: 10, times: 3 } as const;
const BURST = { lines: 20, times: 3, history: 10, deviations: 6, calmAfter: 5 } as const;
/** Bursts while pods are exchanged are of the exchange. */
const ROLLING_MS = 3 * MINUTE;
/** News that is over is still shown for so long. */
const SHOWN_MS = 2 * 60 * MINUTE;
/** Two errors that share so many of their words are the same one in other words. */
const ALIKE = 0.8;

interface Current {
  readonly revision: string;
  readonly at: number;
}

/** Sets `news` of the patterns; answers with those that have just become news, and all whose news has changed. */
export function judge(
  errors: readonly Judged[],
  exposure: Exposure,
  current: Current | undefined,
  now: number,
): { readonly told: readonly string[]; readonly touched: readonly string[] } {
  const told: string[] = [];
  const touched: string[] = [];
  for (const pattern of errors) {
    const { news } = pattern;
    if (news !== undefined) {
      const active = goesOn(pattern, news, current, now);
      if (!active && now - pattern.last > SHOWN_MS) pattern.news = undefined;
      else if (active !== news.active) pattern.news = { ...news, active };
      if (pattern.news !== news) touched.push(pattern.id);
      // The same is not told twice; another revision, or another burst, is.
      if (active || (current !== undefined && news.revision === current.revision)) continue;
    }
    const found =
      newIn(pattern, errors, exposure, current, now) ?? moreIn(pattern, exposure, current, now) ?? burstOf(pattern, exposure, current, now);
    if (found === undefined) continue;
    pattern.news = { ...found, active: true, toldAt: new Date(now).toISOString() };
    told.push(pattern.id);
    touched.push(pattern.id);
  }
  return { told, touched };
}

type Found = Omit<LogNews, 'active' | 'toldAt'>;

function goesOn(pattern: Judged, news: LogNews, current: Current | undefined, now: number): boolean {
  if (news.kind === 'burst')
    return Math.max(...pattern.minutes.last(now, BURST.calmAfter)) > Math.max(BURST.lines / 2, news.before * BURST.times);
  if (current !== undefined && news.revision !== current.revision) return false;
  // Who comes each ten minutes is gone when it has not come for a few times.
  const lines = pattern.revisions.get(news.revision ?? '');
  const every = lines === undefined || lines.lines < 2 ? 0 : (pattern.last - lines.first) / (lines.lines - 1);
  return now - pattern.last <= Math.max(FRESH_MS, Math.min(4 * every, 30 * MINUTE));
}

/** Lines of it in the revision in force that are neither of a start nor of an ending, still coming. */
function settledIn(pattern: Judged, { revision, at }: Current, now: number): OfRevision | undefined {
  const own = pattern.revisions.get(revision);
  if (own === undefined || now - at > SUSPECT_MS || own.settled < LEAST_LINES) return undefined;
  return now - own.lastSettled <= FRESH_MS && own.lastSettled - own.first >= LEAST_SPREAD_MS ? own : undefined;
}

const earlierThan = (exposure: Exposure, { revision }: Current) => [...exposure.revisions].filter(([other]) => other !== revision);
const podMinutes = (revisions: readonly (readonly [string, { readonly podMinutes: number }])[]) =>
  revisions.reduce((sum, [, r]) => sum + r.podMinutes, 0);

function newIn(
  pattern: Judged,
  errors: readonly Judged[],
  exposure: Exposure,
  current: Current | undefined,
  now: number,
): Found | undefined {
  if (current === undefined || pattern.isOld || pattern.first < current.at - CLOCKS_MS) return undefined;
  const own = settledIn(pattern, current, now);
  const before = podMinutes(earlierThan(exposure, current));
  if (own === undefined || before < LEAST_BEFORE) return undefined;
  if ([...pattern.revisions].some(([revision, of]) => revision !== current.revision && of.lines > 0)) return undefined;
  if (errors.some((other) => other !== pattern && other.first < current.at - CLOCKS_MS && isAlike(other.text, pattern.text)))
    return undefined;
  const rate = perPodMinute(own, exposure, current);
  return {
    kind: 'new',
    since: new Date(own.first).toISOString(),
    revision: current.revision,
    rolledOutAt: new Date(current.at).toISOString(),
    before: 0,
    now: rate,
    because: `${own.lines} lines since revision ${current.revision}; none in ${said(before)} of pods of earlier revisions`,
  };
}

function moreIn(pattern: Judged, exposure: Exposure, current: Current | undefined, now: number): Found | undefined {
  if (current === undefined) return undefined;
  const own = settledIn(pattern, current, now);
  const earlier = earlierThan(exposure, current);
  const [before, after] = [podMinutes(earlier), exposure.revisions.get(current.revision)?.podMinutes ?? 0];
  if (own === undefined || before < MORE.before || after < MORE.after || own.settled < MORE.lines) return undefined;
  const linesBefore = earlier.reduce((sum, [revision]) => sum + (pattern.revisions.get(revision)?.lines ?? 0), 0);
  if (linesBefore === 0) return undefined;
  const was = linesBefore / before;
  const expected = was * after;
  if (own.settled < MORE.times * expected || own.settled < expected + 4 * Math.sqrt(expected + 1)) return undefined;
  const rate = perPodMinute(own, exposure, current);
  return {
    kind: 'more',
    since: new Date(current.at).toISOString(),
    revision: current.revision,
    rolledOutAt: new Date(current.at).toISOString(),
    before: round(was),
    now: rate,
    because: `each pod of revision ${current.revision} logs it ${round(rate)} times a minute, those of earlier revisions ${round(was)} times, over ${said(before)}`,
  };
}

function burstOf(pattern: Judged, { covered }: Exposure, current: Current | undefined, now: number): Found | undefined {
  if (current !== undefined && now - current.at < ROLLING_MS) return undefined;
  const peak = Math.max(pattern.minutes.before(now, 0), pattern.minutes.before(now, 1));
  if (peak < BURST.lines) return undefined;
  const counts: number[] = [];
  for (let minute = 2; minute <= 60; minute++) if (covered.before(now, minute) > 0) counts.push(pattern.minutes.before(now, minute));
  if (counts.length < BURST.history) return undefined;
  const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  const most = Math.max(...counts);
  if (peak < BURST.times * most || peak < mean + BURST.deviations * Math.sqrt(mean + 1)) return undefined;
  const began = pattern.minutes.before(now, 1) >= BURST.lines ? 1 : 0;
  return {
    kind: 'burst',
    since: new Date((Math.floor(now / MINUTE) - began) * MINUTE).toISOString(),
    revision: null,
    rolledOutAt: null,
    before: round(mean),
    now: peak,
    because: `${peak} lines within a minute; ${round(mean)} a minute and never more than ${most} in the ${counts.length} minutes before that were read`,
  };
}

function perPodMinute(own: OfRevision, exposure: Exposure, current: Current): number {
  return round(own.lines / Math.max(0.5, exposure.revisions.get(current.revision)?.podMinutes ?? 0));
}

function isAlike(a: string, b: string): boolean {
  const [x, y] = [a.split(' '), b.split(' ')];
  if (Math.abs(x.length - y.length) > 2) return false;
  const words = new Set(x.filter((word) => /[a-z]{2}/i.test(word)));
  const own = y.filter((word) => /[a-z]{2}/i.test(word));
  const same = own.filter((word) => words.has(word)).length;
  return own.length > 0 && same / Math.max(words.size, own.length) >= ALIKE;
}

const round = (value: number): number => Number(value.toPrecision(2));
const said = (minutes: number): string =>
  minutes < 2 ? `${Math.max(1, Math.round(minutes * 60))} seconds` : `${Math.round(minutes)} minutes`;
