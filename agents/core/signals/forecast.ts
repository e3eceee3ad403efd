import { type DayShape, dayShapeOf } from './day-shape.ts';
import type { Point } from './series-row.ts';
import { cutBackBelow, fallsOf, topsOf } from './teeth.ts';
import { medianOf, newestTrend, quantileOf, type Trend } from './trend.ts';

/** When a series reaches a limit. Times in milliseconds; `exhaustsAt` null where it is not expected within the horizon. */
export interface Forecast {
  readonly exhaustsAt: number | null;
  readonly earliest: number | null;
  readonly latest: number | null;
  /** Where the rise that it stands on begins, as far as it was looked at; null where none is. */
  readonly since: number | null;
  /** From 0 to 1: that what is said of the horizon is right. */
  readonly confidence: number;
  readonly because: string;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** No day is as high as the one before: so much more of what lies between its lowest and highest is nothing. */
const BEYOND_DAY = 0.1;
/** Parts in which it is looked for whether a series came down again. */
const PARTS = 24;
/** So much history is needed, of a nearer horizon as much as itself; of a farther one a share of it. */
const LEAST_HISTORY = 20 * MINUTE;
const HISTORY_SHARE = 1 / 6;
const LEAST_POINTS = 12;
/** A nearer horizon is so many times nearer; those below the nearest are not looked at. */
const NEARER = 12;
const NEAREST = 10 * MINUTE;
/** A trend is of no fewer points than these, however far they are apart. */
const TREND_POINTS = 8;
/** The newest points that are looked at: a week of one each 15 seconds. */
const MOST_POINTS = 40_320;
/** Tops of teeth from this share of the limit on that do not rise: it was reached, and what follows is a new start. */
const REACHED = 0.97;
/** The newest tops that say whether the teeth grow. */
const TOPS = 8;
/** Standard errors by which a rise must differ from none. */
const CERTAIN = 4.5;
const STEPS = 240;
const IN_TOPS = ' in the tops of its teeth';
/** The share of what is left over by a trend that stays below what is added to it: the limit is reached by the first point, not by the mean. */
const REACH = 0.9;

/**
 * Looks at points up to the newest one, which is "now". Values that are no numbers are left out, order and duplicates do not matter.
 * Rises that began, stopped, or were cut off by a restart are told apart from the ways of a day and of a garbage collector.
 * What is reached within a nearer time is reached within the farther one too, and needs less history to be seen: a day's horizon does not
 * hide a leak of the last hour.
 */
export function forecast(given: readonly Point[], limit: number, horizon: number): Forecast {
  const points = ordered(given).slice(-MOST_POINTS);
  const form = formOf(points);
  const told = forecastWithin(points, form, limit, horizon);
  if (told.exhaustsAt !== null) return told;
  for (let nearer = horizon / NEARER; nearer >= NEAREST; nearer /= NEARER) {
    const soon = forecastWithin(points, form, limit, nearer);
    if (soon.exhaustsAt !== null) return soon;
  }
  return told.confidence > 0 ? told : { ...told, because: `${told.because}${ifItGoesOn(points, form, limit, horizon)}` };
}

/** Too little is known to say that it will; what the line through all that is known would come to helps to decide whether to look. */
function ifItGoesOn(points: readonly Point[], form: Form, limit: number, horizon: number): string {
  const now = points.at(-1)?.at ?? 0;
  const reach = Math.min(horizon, (now - (points[0]?.at ?? now)) / HISTORY_SHARE);
  const { exhaustsAt } = forecastWithin(points, form, limit, reach);
  return exhaustsAt === null ? '' : `; if it goes on as it does, it is reached in about ${lengthOf(exhaustsAt - now)}`;
}

/** What is the same whatever is asked of a series: where it falls off, and without the shape of its day. */
interface Form {
  readonly falls: readonly number[];
  readonly shape: DayShape | undefined;
  readonly plain: readonly Point[];
}

function formOf(points: readonly Point[]): Form {
  const falls = fallsOf(points);
  // Restarts that happen to come at the same hour are not the shape of a day.
  const shape = falls.length === 0 ? dayShapeOf(points) : undefined;
  return { falls, shape, plain: shape === undefined ? points : points.map(({ at, value }) => ({ at, value: value - shape(at) })) };
}

function forecastWithin(points: readonly Point[], { falls, shape, plain }: Form, limit: number, horizon: number): Forecast {
  const now = points.at(-1)?.at ?? 0;
  const newest = medianOf(points.slice(-3).map((p) => p.value));
  if (newest >= limit)
    return {
      exhaustsAt: now,
      earliest: now,
      latest: now,
      since: null,
      confidence: 1,
      because: `it is at ${shown(newest)} of ${shown(limit)} now`,
    };
  const wanted = Math.max(Math.min(LEAST_HISTORY, horizon), horizon * HISTORY_SHARE);
  const span = now - (points[0]?.at ?? now);
  if (span < wanted || points.length < LEAST_POINTS) {
    const interval = span / Math.max(1, points.length - 1);
    const missing = Math.max(wanted - span, (LEAST_POINTS - points.length) * interval);
    return none(0, `not enough history: ${lengthOf(missing).replace(' ', ' more ')}`);
  }
  const least = Math.max(wanted / 2, TREND_POINTS * (span / (points.length - 1)));
  const restart = falls.at(-1);
  const since = restart === undefined ? plain : plain.slice(restart);
  const own = now - (since[0]?.at ?? now) >= wanted ? newestTrend(since, least) : undefined;
  const tops = topsOf(points, falls);
  if (tops !== undefined) {
    const trend = newestTrend(tops, tops.at(-1)!.at - tops.at(-Math.min(TOPS, tops.length))!.at);
    const rises = trend !== undefined && certaintyOf(trend) >= CERTAIN;
    const last = tops.slice(-TOPS).map((p) => p.value);
    // What used to bring it down no longer does: this tooth goes its own way.
    const isOutgrown = !rises && own !== undefined && newest > farAbove(last);
    if (!isOutgrown && (rises || medianOf(last) < REACHED * limit)) return ofTops(tops, trend, { now, limit, horizon });
  }
  if (restart === undefined) return ofTrend(own, plain, { now, limit, horizon, shape, why: '' });
  const cut = cutBackBelow(points, falls);
  if (cut !== undefined && cut < limit && newest <= cut)
    return none(0.6, `it was cut back from about here ${falls.length} times, and has not gone beyond`);
  if (own !== undefined) return ofTrend(own, since, { now, limit, horizon, shape, why: ' since the restart' });
  // Too little since the restart: as before it, from where it is now.
  const before = newestTrend(plain.slice(falls.at(-2) ?? 0, restart), least);
  if (before === undefined)
    return none(0, `not enough history since the restart: ${lengthOf(wanted - (now - (since[0]?.at ?? now))).replace(' ', ' more ')}`);
  const moved = { ...before, to: now, level: newest - (shape?.(now) ?? 0) };
  return ofTrend(moved, since, { now, limit, horizon, shape, why: ' before the restart' });
}

/** Higher than tops that came about at the same height are likely to come again. */
function farAbove(tops: readonly number[]): number {
  const highest = Math.max(...tops);
  return highest + (highest - Math.min(...tops)) / 2;
}

const none = (confidence: number, because: string): Forecast => ({
  exhaustsAt: null,
  earliest: null,
  latest: null,
  since: null,
  confidence,
  because,
});

interface Asked {
  readonly now: number;
  readonly limit: number;
  readonly horizon: number;
  readonly shape: DayShape | undefined;
  readonly why: string;
}

/**
 * The next tops come at their usual distance. Each is the trend and what tops are off it by, so the one that reaches the limit is the first by
 * which it is more likely than not that one has.
 */
function ofTops(
  tops: readonly Point[],
  trend: Trend | undefined,
  { now, limit, horizon }: Pick<Asked, 'now' | 'limit' | 'horizon'>,
): Forecast {
  const newest = tops.at(-1)!;
  if (trend === undefined) return none(0, 'not enough history');
  const certain = certaintyOf(trend);
  if (certain < CERTAIN) return notRising(trend, certain, IN_TOPS);
  const off = tops.filter((p) => p.at >= trend.from).map((p) => p.value - levelAt(trend, p.at));
  const tooth = medianOf(tops.slice(1).map((top, i) => top.at - tops[i]!.at));
  const unsure = Math.max(1e-9 * Math.abs(limit), (1.48 * medianOf(off.map(Math.abs))) / Math.sqrt(off.length));
  let notYet = 1;
  const reached = new Map<number, number>();
  for (let at = Math.max(now, newest.at + tooth); at <= now + 4 * horizon && notYet > 0.1; at += tooth) {
    const gap = limit - levelAt(trend, at);
    notYet *= 1 - off.reduce((sum, o) => sum + normalBelow((o - gap) / unsure), 0) / off.length;
    for (const share of [0.9, 0.5, 0.1]) if (notYet <= share && !reached.has(share)) reached.set(share, at);
  }
  const at = reached.get(0.5);
  const rise = riseWords(trend, levelAt(trend, now), limit, IN_TOPS);
  if (at === undefined || at > now + horizon) return notWithin(rise, certain, horizon);
  const [earliest, latest] = [reached.get(0.9) ?? at, reached.get(0.1) ?? now + 4 * horizon];
  return {
    exhaustsAt: at,
    earliest,
    latest,
    since: trend.from,
    confidence: confidenceOf(earliest, latest, at - now, horizon),
    because: rise,
  };
}

function ofTrend(trend: Trend | undefined, points: readonly Point[], { now, limit, horizon, shape, why }: Asked): Forecast {
  if (trend === undefined) return none(0, 'not enough history');
  const certain = certaintyOf(trend);
  if (certain < CERTAIN) return notRising(trend, certain, why);
  if (shape === undefined && roseADayAgo(points, trend)) return none(0.7, 'it rose like this a day ago, and has been as high since');
  const left = points.filter((p) => p.at >= trend.from).map((p) => p.value - levelAt(trend, p.at));
  const reach = left.length === 0 ? 0 : quantileOf(left, REACH);
  const crossing = (slope: number, above: number, until: number): number | null => {
    for (let i = 0; i <= STEPS; i++) {
      const at = now + (until * i) / STEPS;
      if (trend.level + slope * (at - now) + (shape?.(at) ?? 0) + above >= limit) return at;
    }
    return null;
  };
  const at = crossing(trend.slope, reach, horizon);
  const rise = riseWords(trend, trend.level + (shape?.(now) ?? 0), limit, why);
  if (at === null) return notWithin(rise, certain, horizon);
  const earliest = Math.min(at, crossing(trend.slope + 2 * trend.slopeError, Math.max(0, ...left), horizon) ?? at);
  const slowest = Math.max(trend.slope / 4, trend.slope - 2 * trend.slopeError);
  const latest = Math.max(at, crossing(slowest, Math.min(reach, 0), 4 * horizon) ?? now + 4 * horizon);
  return {
    exhaustsAt: at,
    earliest,
    latest,
    since: trend.from,
    confidence: confidenceOf(earliest, latest, at - now, horizon),
    because: rise,
  };
}

/** The shape of a day is known from two of them; on the second one a rise of the same hours, which ended as high as this is now, tells as much. */
function roseADayAgo(points: readonly Point[], { from, to, slope, level }: Trend): boolean {
  const then = points.filter(({ at }) => at >= from - DAY && at <= to - DAY);
  const seen = to - DAY - (then[0]?.at ?? Number.POSITIVE_INFINITY);
  if (then.length < TREND_POINTS || seen < (to - from) / 2) return false;
  const third = Math.floor(then.length / 3);
  const [low, high] = [medianOf(then.slice(0, third).map((p) => p.value)), medianOf(then.slice(-third).map((p) => p.value))];
  const between = points.filter(({ at }) => at > to - DAY && at < from).map((p) => p.value);
  const [bottom, top] = [quantileOf(between, 0.02), quantileOf(between, 0.98)];
  const isBackDown = fellBy(between) >= (high - low) / 2;
  return isBackDown && (high - low) / ((2 / 3) * seen) >= slope / 2 && level <= top + BEYOND_DAY * (top - bottom);
}

/** How far it came down from where it was before, single points left aside: what only ever rises, faster by day, is no wave. */
function fellBy(values: readonly number[]): number {
  const size = Math.max(1, Math.ceil(values.length / PARTS));
  let [highest, fall] = [Number.NEGATIVE_INFINITY, 0];
  for (let from = 0; from < values.length; from += size) {
    const part = medianOf(values.slice(from, from + size));
    highest = Math.max(highest, part);
    fall = Math.max(fall, highest - part);
  }
  return fall;
}

const levelAt = (trend: Trend, at: number): number => trend.level + trend.slope * (at - trend.to);
const certaintyOf = (trend: Trend): number => trend.slope / Math.max(1e-300, trend.slopeError);

const notRising = (trend: Trend, certain: number, why: string): Forecast =>
  none(certain < 2 ? 0.95 : 0.7, trend.slope > 0 ? `its rise${why} is not larger than its noise` : `it does not rise${why}`);
const notWithin = (rise: string, certain: number, horizon: number): Forecast =>
  none(Math.min(0.95, 0.5 + certain / 40), `${rise}: not within ${lengthOf(horizon)}`);

const riseWords = (trend: Trend, level: number, limit: number, why: string): string =>
  `it rises by ${shown(trend.slope * 60 * MINUTE)} an hour${why}, seen over ${lengthOf(trend.to - trend.from)}, and is at ${shown(level)} of ${shown(limit)}`;

/** The narrower what it lies between, beside how far away it is, the surer. `ahead`: milliseconds from now. */
function confidenceOf(earliest: number, latest: number, ahead: number, horizon: number): number {
  const width = (latest - earliest) / Math.max(MINUTE, ahead + horizon / 4);
  return Number(Math.max(0.5, Math.min(0.99, 1 - 0.25 * width)).toFixed(2));
}

/** The share of a normal distribution below `z` deviations, by the logistic curve nearest to it (within 0.01). */
const normalBelow = (z: number): number => 1 / (1 + Math.exp(-1.702 * z));

function ordered(given: readonly Point[]): readonly Point[] {
  const sorted = given.filter((p) => Number.isFinite(p.value) && Number.isFinite(p.at)).sort((a, b) => a.at - b.at);
  // Of several values of one time the last one given holds.
  return sorted.filter((p, i) => sorted[i + 1]?.at !== p.at);
}

const shown = (value: number): string => String(Number(value.toPrecision(3)));

function lengthOf(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE));
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? '' : 's'}`;
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}
