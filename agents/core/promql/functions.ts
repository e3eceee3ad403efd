import { type Labels, wholeExpression } from './reader.ts';
import { BROKEN } from './lexer.ts';
import { histogramQuantile } from './histogram.ts';
import { type Expr, PromqlError, type ValueType } from './syntax.ts';
import { type Item, NAME, type Window, ascending, lineOf, meanOf, quantileOf, sumOf, varianceOf, withLabel } from './values.ts';

/** What a function is given: its arguments at one moment. */
export interface Call {
  /** The moment, milliseconds since 1970. */
  readonly at: number;
  readonly args: readonly Expr[];
  number(i: number): number;
  text(i: number): string;
  vector(i: number): readonly Item[];
  windows(i: number): readonly Window[];
  /** Beginning and end of a range argument. */
  span(i: number): { readonly from: number; readonly to: number };
  warn(text: string): void;
}

interface Shape {
  readonly takes: readonly ValueType[];
  readonly gives: ValueType;
  /** So many of the last may be left out. */
  readonly optional?: number;
  /** The last may come again. */
  readonly endless?: boolean;
}
export type Value = number | string | readonly Item[];
interface PromqlFunction extends Shape {
  run(call: Call): Value;
}

/** PromQL that is known and not answered here (docs/promql.md): native histograms, and what is experimental there. */
export const OUTSIDE_FUNCTIONS: readonly string[] = [
  ...['histogram_avg', 'histogram_count', 'histogram_sum', 'histogram_fraction', 'histogram_stddev', 'histogram_stdvar'],
  ...['double_exponential_smoothing', 'mad_over_time', 'sort_by_label', 'sort_by_label_desc', 'info', 'first_over_time'],
  ...['ts_of_first_over_time', 'ts_of_last_over_time', 'ts_of_max_over_time', 'ts_of_min_over_time', 'step', 'range', 'start', 'end'],
  'histogram_quantiles',
];

const changed = ({ labels }: Item | Window, value: number): Item => ({ labels, value, unnamed: true });

/** Of each element another number. */
const each = (change: (value: number) => number): PromqlFunction => ({
  takes: ['vector'],
  gives: 'vector',
  run: (call) => call.vector(0).map((item) => changed(item, change(item.value))),
});

/** Of each element's range one number, or none. */
const over = (
  measure: (window: Window, call: Call) => number | undefined,
  { takes = ['matrix'], named = false }: { takes?: readonly ValueType[]; named?: boolean } = {},
): PromqlFunction => ({
  takes,
  gives: 'vector',
  run: (call) =>
    call.windows(takes.indexOf('matrix')).flatMap((window) => {
      const value = window.at.length === 0 ? undefined : measure(window, call);
      return value === undefined ? [] : [named ? { labels: window.labels, value, unnamed: window.unnamed } : changed(window, value)];
    }),
});

/** Of the time of each element, or of now. */
const ofDate = (read: (date: Date) => number): PromqlFunction => ({
  takes: ['vector'],
  optional: 1,
  gives: 'vector',
  run: (call) => {
    const part = (seconds: number) => (Number.isFinite(seconds) ? read(new Date(Math.trunc(seconds) * 1000)) : NaN);
    if (call.args.length === 0) return [{ labels: {}, value: part(call.at / 1000), unnamed: false }];
    return call.vector(0).map((item) => changed(item, part(item.value)));
  },
});

/** A counter that is smaller than before began again at nothing. */
function grown({ values }: Window): number {
  let sum = values.at(-1)! - values[0]!;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) sum += values[i - 1]!;
  return sum;
}

/**
 * What went on within the whole range, from what was seen: at its ends, where the next sample would have been due about then, it is taken to
 * have gone on as before, else for half the usual distance; and a counter was never below nothing.
 */
function extrapolated(window: Window, { from, to }: { from: number; to: number }, counter: boolean): number | undefined {
  const { at, values } = window;
  if (at.length < 2) return undefined;
  const seen = counter ? grown(window) : values.at(-1)! - values[0]!;
  const sampled = (at.at(-1)! - at[0]!) / 1000;
  const distance = sampled / (at.length - 1);
  let before = (at[0]! - from) / 1000;
  let after = (to - at.at(-1)!) / 1000;
  if (before >= distance * 1.1) before = distance / 2;
  if (counter && seen > 0 && values[0]! >= 0) before = Math.min(before, sampled * (values[0]! / seen));
  if (after >= distance * 1.1) after = distance / 2;
  return seen * ((sampled + before + after) / sampled);
}

const counterLike = /(?:_total|_sum|_count|_bucket)$/;
function noteCounter(window: Window, call: Call): void {
  const name = window.labels[NAME] ?? '';
  if (name !== '' && !counterLike.test(name))
    call.warn(`metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(name)}`);
}

/** Of the last two samples. */
function between({ at, values }: Window, counter: boolean, perSecond: boolean): number | undefined {
  if (at.length < 2) return undefined;
  const [before, last] = [values.at(-2)!, values.at(-1)!];
  const change = counter && last < before ? last : last - before;
  const seconds = (at.at(-1)! - at.at(-2)!) / 1000;
  return perSecond ? change / seconds : change;
}

const extreme = (values: Float64Array, better: (a: number, b: number) => boolean): number =>
  values.reduce((best, value) => (better(value, best) || Number.isNaN(best) ? value : best));

const VECTOR_AND = (n: number): readonly ValueType[] => ['vector', ...Array.from({ length: n }, () => 'scalar' as const)];

const clamped = (call: Call, min: number, max: number): readonly Item[] =>
  min > max ? [] : call.vector(0).map((item) => changed(item, Math.max(min, Math.min(max, item.value))));

function sorted(call: Call, order: (a: number, b: number) => number): readonly Item[] {
  const numbers = call.vector(0).filter((item) => !Number.isNaN(item.value));
  return [...numbers.sort((a, b) => order(a.value, b.value)), ...call.vector(0).filter((item) => Number.isNaN(item.value))];
}

const isLabel = (name: string): boolean => name !== '' && !name.includes(BROKEN);

/** Two elements with one label set could not be told apart. */
export function refuseSame(items: readonly Item[], keyOf: (labels: Labels) => string): readonly Item[] {
  if (new Set(items.map((item) => keyOf(item.labels))).size < items.length)
    throw new PromqlError('vector cannot contain metrics with the same labelset');
  return items;
}

const relabelled = ({ labels, value, unnamed }: Item, name: string, text: string): Item => ({
  labels: withLabel(labels, name, text),
  value,
  unnamed: name === NAME ? false : unnamed,
});

function replaced(call: Call): readonly Item[] {
  const [target, replacement, source, pattern] = [call.text(1), call.text(2), call.text(3), call.text(4)];
  let expression: RegExp;
  try {
    expression = wholeExpression(pattern);
  } catch {
    throw new PromqlError(`invalid regular expression in label_replace(): ${pattern}`);
  }
  if (!isLabel(target)) throw new PromqlError(`invalid destination label name in label_replace(): ${target}`);
  return call.vector(0).map((item) => {
    const match = expression.exec(item.labels[source] ?? '');
    if (match === null) return item;
    const text = replacement.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
      const name = bare ?? braced;
      if (name === undefined) return whole === '$$' ? '$' : whole;
      return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
    });
    return relabelled(item, target, text);
  });
}

function joined(call: Call): readonly Item[] {
  const [target, separator] = [call.text(1), call.text(2)];
  const sources = call.args.slice(3).map((_, i) => call.text(3 + i));
  if (!isLabel(target)) throw new PromqlError(`invalid destination label name in label_join(): ${target}`);
  return call.vector(0).map((item) => relabelled(item, target, sources.map((name) => item.labels[name] ?? '').join(separator)));
}

/** What a selector says about the series it would have matched. */
function labelsOfAbsent(expr: Expr): Labels {
  const selector = expr.type === 'range' ? expr.selector : expr;
  if (selector.type !== 'selector') return {};
  const labels: Record<string, string> = {};
  const several = new Set<string>();
  for (const { name, op, value } of selector.matchers) {
    if (name === NAME) continue;
    if (op === '=' && !(name in labels) && !several.has(name)) labels[name] = value;
    else {
      delete labels[name];
      several.add(name);
    }
  }
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

const scalarOf = (value: (call: Call) => number): PromqlFunction => ({ takes: [], gives: 'scalar', run: value });
const day = 86_400_000;

export const FUNCTIONS: Readonly<Record<string, PromqlFunction>> = {
  abs: each(Math.abs),
  ceil: each(Math.ceil),
  floor: each(Math.floor),
  exp: each(Math.exp),
  ln: each(Math.log),
  log2: each(Math.log2),
  log10: each(Math.log10),
  sqrt: each(Math.sqrt),
  sgn: each(Math.sign),
  acos: each(Math.acos),
  acosh: each(Math.acosh),
  asin: each(Math.asin),
  asinh: each(Math.asinh),
  atan: each(Math.atan),
  atanh: each(Math.atanh),
  cos: each(Math.cos),
  cosh: each(Math.cosh),
  sin: each(Math.sin),
  sinh: each(Math.sinh),
  tan: each(Math.tan),
  tanh: each(Math.tanh),
  deg: each((value) => (value * 180) / Math.PI),
  rad: each((value) => (value * Math.PI) / 180),
  pi: scalarOf(() => Math.PI),
  time: scalarOf((call) => call.at / 1000),
  round: {
    takes: VECTOR_AND(1),
    optional: 1,
    gives: 'vector',
    run: (call) => {
      // Dividing by the inverse gives 0.1 where multiplying gives 0.10000000000000001.
      const inverse = 1 / (call.args.length > 1 ? call.number(1) : 1);
      return call.vector(0).map((item) => changed(item, Math.floor(item.value * inverse + 0.5) / inverse));
    },
  },
  clamp: { takes: VECTOR_AND(2), gives: 'vector', run: (call) => clamped(call, call.number(1), call.number(2)) },
  clamp_min: {
    takes: VECTOR_AND(1),
    gives: 'vector',
    run: (call) => call.vector(0).map((item) => changed(item, Math.max(call.number(1), item.value))),
  },
  clamp_max: {
    takes: VECTOR_AND(1),
    gives: 'vector',
    run: (call) => call.vector(0).map((item) => changed(item, Math.min(call.number(1), item.value))),
  },
  scalar: {
    takes: ['vector'],
    gives: 'scalar',
    run: (call) => {
      const items = call.vector(0);
      return items.length === 1 ? items[0]!.value : NaN;
    },
  },
  vector: { takes: ['scalar'], gives: 'vector', run: (call) => [{ labels: {}, value: call.number(0), unnamed: false }] },
  timestamp: {
    takes: ['vector'],
    gives: 'vector',
    run: (call) => call.vector(0).map((item) => changed(item, (item.at ?? call.at) / 1000)),
  },
  sort: { takes: ['vector'], gives: 'vector', run: (call) => sorted(call, ascending) },
  sort_desc: { takes: ['vector'], gives: 'vector', run: (call) => sorted(call, (a, b) => ascending(b, a)) },
  absent: {
    takes: ['vector'],
    gives: 'vector',
    run: (call) => (call.vector(0).length > 0 ? [] : [{ labels: labelsOfAbsent(call.args[0]!), value: 1, unnamed: false }]),
  },
  absent_over_time: {
    takes: ['matrix'],
    gives: 'vector',
    run: (call) =>
      call.windows(0).some((w) => w.at.length > 0) ? [] : [{ labels: labelsOfAbsent(call.args[0]!), value: 1, unnamed: false }],
  },
  label_replace: { takes: ['vector', 'string', 'string', 'string', 'string'], gives: 'vector', run: replaced },
  label_join: { takes: ['vector', 'string', 'string', 'string'], optional: 1, endless: true, gives: 'vector', run: joined },
  histogram_quantile: {
    takes: ['scalar', 'vector'],
    gives: 'vector',
    run: (call) => histogramQuantile(call.number(0), call.vector(1), (text) => call.warn(text)),
  },

  rate: over((window, call) => {
    noteCounter(window, call);
    const span = call.span(0);
    const grew = extrapolated(window, span, true);
    return grew === undefined ? undefined : grew / ((span.to - span.from) / 1000);
  }),
  increase: over((window, call) => {
    noteCounter(window, call);
    return extrapolated(window, call.span(0), true);
  }),
  delta: over((window, call) => extrapolated(window, call.span(0), false)),
  irate: over((window, call) => {
    noteCounter(window, call);
    return between(window, true, true);
  }),
  idelta: over((window) => between(window, false, false)),
  deriv: over(({ at, values }) => (at.length < 2 ? undefined : lineOf(at, values, at[0]!).slope)),
  predict_linear: over(
    ({ at, values }, call) => {
      if (at.length < 2) return undefined;
      const { slope, level } = lineOf(at, values, call.at);
      return slope * call.number(1) + level;
    },
    { takes: ['matrix', 'scalar'] },
  ),
  changes: over(({ values }) => {
    let count = 0;
    for (let i = 1; i < values.length; i++)
      if (values[i] !== values[i - 1] && !(Number.isNaN(values[i]) && Number.isNaN(values[i - 1]))) count++;
    return count;
  }),
  resets: over(({ values }) => {
    let count = 0;
    for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) count++;
    return count;
  }),
  avg_over_time: over(({ values }) => meanOf(values)),
  sum_over_time: over(({ values }) => sumOf(values)),
  min_over_time: over(({ values }) => extreme(values, (a, b) => a < b)),
  max_over_time: over(({ values }) => extreme(values, (a, b) => a > b)),
  count_over_time: over(({ values }) => values.length),
  present_over_time: over(() => 1),
  last_over_time: over(({ values }) => values.at(-1), { named: true }),
  stddev_over_time: over(({ values }) => Math.sqrt(varianceOf(values))),
  stdvar_over_time: over(({ values }) => varianceOf(values)),
  quantile_over_time: over(
    ({ values }, call) => {
      const q = call.number(0);
      if (Number.isNaN(q) || q < 0 || q > 1) call.warn(`quantile value should be between 0 and 1, got ${q}`);
      return quantileOf(q, [...values]);
    },
    { takes: ['scalar', 'matrix'] },
  ),

  minute: ofDate((date) => date.getUTCMinutes()),
  hour: ofDate((date) => date.getUTCHours()),
  month: ofDate((date) => date.getUTCMonth() + 1),
  year: ofDate((date) => date.getUTCFullYear()),
  day_of_week: ofDate((date) => date.getUTCDay()),
  day_of_month: ofDate((date) => date.getUTCDate()),
  day_of_year: ofDate((date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / day) + 1),
  days_in_month: ofDate((date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
};
