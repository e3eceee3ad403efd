import { Counter } from './counter.ts';
import { Excursions, OUT } from './excursions.ts';
import { KnownRange } from './known-range.ts';
import { Runs } from './runs.ts';
import { Season } from './season.ts';
import { Surprise } from './surprise.ts';

/** What is unusual about a point: it stands out, a level moved, it became wilder or calmer, it stopped moving, points before it are missing. */
export type Trait = 'point' | 'level' | 'wild' | 'calm' | 'flat' | 'gap';

/** `low` to `high` is where the value was expected; `score` from 0 (usual) to below 1, 0.5 and more deserves an alert. */
export interface Judgement {
  readonly low: number;
  readonly high: number;
  readonly score: number;
  readonly trait: Trait;
}

/** The surprise (-log10 of how often) that is scored as 0.5. */
const ALERT_SURPRISE = 3.2;
/** Points of the near past that are kept. */
const RECENT = 48;
const LEVEL_OVER = 10;
/**
 * What is rare for one point in a hundred is met again and again in a series of thousands: from so many points on a lone one must be rarer, by
 * this for each time ten times as many, up to a most.
 */
const MANY = 200;
const MANY_MOST = 10_000;
const RARER = 0.8;
/** Values on a grid (replicas, whole numbers) that have moved before: so much of a step of the grid is no distance. */
const GRID_SHARE = 0.4;
/** Points before anything is judged. */
const WARM_UP = 24;
/** An alert makes the next points less surprising, by no more than this and over about so many points: one cause is one alert. */
const QUIET_MOST = 4;
const QUIET_OVER = 60;
/** After an alert so many points are not learned from where they are out as well: what was said to be unusual is not the usual of the next time. */
const UNLEARNED = 8;
/** Runs are heard again below this. */
const RUN_QUIET = 0.8 * QUIET_MOST;
const QUARTER_MS = 15 * 60_000;
/** The distance that is still learned from, in usual distances. */
const BELIEVABLE = 4;
/** What lies beyond all that was seen is this much more surprising, for each time the range that was seen, up to a most. */
const BEYOND = 3.3;
const BEYOND_MOST = 4;
/** A series that moved fewer times than this has shown no usual distance; how often it stood says how surprising a move is. */
const FEW_MOVES = 8;
const FIRST_MOVE = 1.7;
/** Three points in a row beyond what was known a while ago are so surprising, for each time the range that was known, up to a most. */
const OUTGROWN = 5;
const OUTGROWN_MOST = ALERT_SURPRISE + 1.5;

const median = (values: number[]): number => {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
};

/**
 * Judges a series point by point, never looking ahead: the same configuration for all series, about 10 KB each (measured). It learns how often points
 * come, what an hour, a day and a week look like, and how far the series usually strays; it follows new levels and new spreads after having
 * said so once. Times in milliseconds, in order or nearly so. Values that are no numbers must not be given to it.
 */
export class AnomalyDetector {
  readonly #recent = new Float64Array(RECENT);
  readonly #seasons = [new Season('hour'), new Season('day'), new Season('week')] as const;
  readonly #point = new Surprise();
  readonly #excursions = new Excursions(0);
  readonly #counter = new Counter();
  readonly #runs = new Runs();
  readonly #known = new KnownRange();
  readonly #level = new Surprise();
  readonly #wild = new Surprise();
  readonly #calm = new Surprise();
  #seen = 0;
  #before = Number.NaN;
  #interval = 0;
  readonly #intervals: number[] = [];
  #near = 0;
  #far = 0;
  #nearError = 0;
  #farError = 0;
  #scale = 0;
  #shiftScale = 0;
  #step = 0;
  #drift = 0;
  #same = 0;
  #longestSame = 0;
  #moves = 0;
  #smallestMove = Number.POSITIVE_INFINITY;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #quiet = 0;
  #sinceAlert = UNLEARNED;

  /** Before the first point: the mean of a quarter of an hour long ago. Days and weeks are learned from it, and nothing is judged. */
  recall(at: number, mean: number): void {
    const [, day, week] = this.#seasons;
    for (const season of [day, week]) season.learn(at, mean, QUARTER_MS);
  }

  next(at: number, value: number): Judgement {
    this.#counter.take(value);
    const { base } = this.#counter;
    const { low, high, ...judged } = this.#next(at, base + value);
    return { ...judged, low: low - base, high: high - base };
  }

  #next(at: number, value: number): Judgement {
    const gap = this.#waited(at);
    const scale = this.#tolerance(at);
    const expected = this.#foretell(at);
    const reach = 3.5 * scale;
    const range = { low: expected - reach, high: expected + reach };
    if (this.#seen < WARM_UP) {
      // Too little is known to expect anything else than what comes.
      const [low, high] = this.#seen === 0 ? [value, value] : [Math.min(range.low, value), Math.max(range.high, value)];
      this.#learn(at, value, expected, scale);
      return { low, high, score: this.#score(0), trait: 'point' };
    }
    const [trait, surprise] = this.#judge(at, value, expected, scale, gap);
    this.#learn(at, value, expected, scale);
    return { ...range, score: this.#score(surprise), trait };
  }

  /** How many usual intervals went by since the point before, 1 where that is not known. */
  #waited(at: number): number {
    const passed = at - this.#before;
    if (Number.isNaN(this.#before)) return 1;
    if (passed <= 0) return 1;
    if (this.#intervals.length < 31) {
      this.#intervals.push(passed);
      this.#interval = median([...this.#intervals]);
    }
    return passed / Math.max(1, this.#interval);
  }

  /** Ways of foretelling, each heard by how well it did. */
  #foretell(at: number): number {
    if (this.#seen === 0) return 0;
    let sum = 0;
    let weights = 0;
    const unit = this.#unit;
    const hear = (value: number, error: number) => {
      const weight = (error / unit + 1e-9) ** -4;
      sum += value * weight;
      weights += weight;
    };
    const smallest = Math.max(1e-9 * unit, this.#nearError * 0.05);
    hear(this.#near, Math.max(smallest, this.#nearError));
    hear(this.#far, Math.max(smallest, this.#farError));
    for (const season of this.#seasons) {
      const value = season.known ? season.foretell(at) : undefined;
      if (value !== undefined) hear(value, Math.max(smallest, season.error));
    }
    const told = sum / weights;
    return Number.isFinite(told) ? told : this.#near;
  }

  /** The usual distance from what was foretold, at this time of the day where that is known. */
  #tolerance(at: number): number {
    const floor = 1e-9 * this.#unit + 1e-4 * Math.abs(this.#far) + 0.002 * Math.max(0, this.#highest - this.#lowest);
    const day = this.#seasons[1].spread(at);
    const usual = day === undefined ? this.#scale : 0.5 * this.#scale + 0.5 * day;
    const grid = this.#moves < FEW_MOVES ? 0 : GRID_SHARE * this.#smallestMove;
    return Math.max(floor, grid, 1.25 * usual);
  }

  /** What is next to nothing beside its values, whatever their unit, is a share of this. */
  get #unit(): number {
    return this.#seen === 0 ? 1 : Math.max(Math.abs(this.#highest), Math.abs(this.#lowest)) || 1;
  }

  #judge(at: number, value: number, expected: number, scale: number, gap: number): readonly [Trait, number] {
    const found: [Trait, number][] = [];
    const strays = Math.abs(value - expected) / scale;
    const range = Math.max(scale, this.#highest - this.#lowest);
    const beyond = Math.max(0, value - this.#highest, this.#lowest - value) / range;
    const known = this.#moves < FEW_MOVES ? Math.log10(this.#seen) + FIRST_MOVE : Number.POSITIVE_INFINITY;
    const rare = Math.min(this.#excursions.met(strays, this.#seen), this.#point.of(strays));
    const lone = rare - RARER * Math.max(0, Math.log10(Math.min(MANY_MOST, this.#seen) / MANY));
    found.push(['point', Math.min(known, lone + Math.min(BEYOND_MOST, BEYOND * beyond))]);
    const learns = this.#sinceAlert >= UNLEARNED || strays <= OUT;
    if (learns) this.#point.add(strays);
    this.#excursions.add(strays);
    // What was just said of one point needs not be said of the run that it begins, nor of what it does to what is expected next.
    const run = this.#runs.next((value - expected) / scale, this.#seen, learns);
    if (this.#quiet < RUN_QUIET) found.push(['point', 0.87 * run]);

    const shift = Math.abs(this.#drift) / Math.max(this.#shiftScale, 0.15 * scale);
    found.push(['level', 0.9 * this.#level.of(shift)]);
    this.#level.add(shift);

    const [one, two] = [this.#ago(1), this.#ago(2)];
    const outgrown = this.#known.beyond(at, Math.min(value, one, two), Math.max(value, one, two));
    found.push(['level', Math.min(OUTGROWN_MOST, OUTGROWN * outgrown)]);

    const ratio = Math.log2((this.#moved() + 0.02 * scale) / (this.#step + 0.02 * scale));
    found.push(['wild', 0.9 * this.#wild.of(Math.max(0, ratio))], ['calm', 0.7 * this.#calm.of(Math.max(0, -ratio))]);
    this.#wild.add(Math.max(0, ratio));
    this.#calm.add(Math.max(0, -ratio));

    if (this.#same > Math.max(12, 3 * this.#longestSame)) found.push(['flat', this.#stands()]);
    if (gap > 12 && this.#seen > 100) found.push(['gap', Math.min(ALERT_SURPRISE * 0.9, Math.log2(gap))]);
    return found.reduce((most, one) => (one[1] > most[1] ? one : most));
  }

  /** How surprising it is that a series that moved so often stands for so long; nothing where it hardly ever moved. */
  #stands(): number {
    if (this.#moves < FEW_MOVES) return 0;
    const stood = this.#seen - this.#same - this.#moves;
    const share = (stood + WARM_UP) / (stood + this.#moves + WARM_UP);
    return Math.min(ALERT_SURPRISE * 1.2, -this.#same * Math.log10(share));
  }

  /** Mean step between the points of the near past. */
  #moved(): number {
    const points = Math.min(this.#seen, RECENT / 2);
    let sum = 0;
    for (let i = 1; i < points; i++) sum += Math.abs(this.#ago(i) - this.#ago(i + 1));
    return sum / Math.max(1, points - 1);
  }

  #ago(points: number): number {
    return this.#recent[(this.#seen - points + 4 * RECENT) % RECENT]!;
  }

  #learn(at: number, value: number, expected: number, scale: number): void {
    const first = this.#seen === 0;
    if (first) {
      this.#near = value;
      this.#far = value;
    }
    const rate = (slowest: number) => Math.max(slowest, 1 / (this.#seen + 1));
    const limit = this.#seen < WARM_UP ? Number.POSITIVE_INFINITY : BELIEVABLE * scale;
    const believed = first ? value : Math.max(expected - limit, Math.min(expected + limit, value));
    const cut = (error: number) => Math.min(Math.abs(error), limit);
    if (!first) {
      this.#nearError += (cut(value - this.#near) - this.#nearError) * rate(0.02);
      this.#farError += (cut(value - this.#far) - this.#farError) * rate(0.02);
      this.#scale += (cut(value - expected) - this.#scale) * rate(0.01);
      const step = Math.abs(value - this.#ago(1));
      this.#step += (Math.min(step, limit) - this.#step) * rate(0.004);
      if (step === 0) this.#same += 1;
      else {
        this.#smallestMove = Math.min(this.#smallestMove, step);
        this.#longestSame = Math.max(this.#longestSame, this.#same);
        this.#moves += 1;
        this.#same = 0;
      }
    }
    const [, day, week] = this.#seasons;
    const usual = (week.known && week.error < 0.8 * day.error ? week.usual(at) : undefined) ?? (day.known ? day.usual(at) : undefined);
    const seasonal = usual !== undefined && day.error < 1.2 * this.#farError;
    // One point alone is no new level, however far away it is.
    const counted = first ? value : Math.max(expected - 2 * limit, Math.min(expected + 2 * limit, value));
    this.#drift += ((seasonal ? counted - usual : counted - this.#far) - this.#drift) * rate(1 / LEVEL_OVER);
    this.#shiftScale += (Math.min(Math.abs(this.#drift), 4 * this.#shiftScale + limit) - this.#shiftScale) * rate(0.005);

    if (this.#seen >= 4 && this.#interval > 0) for (const season of this.#seasons) season.learn(at, believed, this.#interval);
    this.#near += (value - this.#near) * 0.55;
    this.#far += (believed - this.#far) * rate(0.01);
    this.#highest = Math.max(this.#highest, value);
    this.#lowest = Math.min(this.#lowest, value);
    this.#known.add(at, value);
    this.#recent[this.#seen % RECENT] = value;
    this.#seen += 1;
    this.#before = Number.isNaN(this.#before) ? at : Math.max(at, this.#before);
  }

  /** What was said a short while ago is said again only where it became much worse. */
  #score(surprise: number): number {
    const left = Math.max(0, surprise - this.#quiet);
    this.#sinceAlert = left >= ALERT_SURPRISE ? 0 : this.#sinceAlert + 1;
    this.#quiet *= 1 - 1 / QUIET_OVER;
    if (surprise >= ALERT_SURPRISE) this.#quiet = Math.max(this.#quiet, Math.min(QUIET_MOST, surprise));
    return left <= 0 ? 0 : left / (left + ALERT_SURPRISE);
  }
}
