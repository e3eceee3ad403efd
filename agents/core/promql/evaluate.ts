import { aggregate } from './aggregate.ts';
import { numbers, vectors, withNumber } from './combine.ts';
import { type Call, FUNCTIONS, refuseSame } from './functions.ts';
import { typeOf } from './parser.ts';
import type { Samples, SeriesReader } from './reader.ts';
import { type CallExpr, type Expr, type Moment, PromqlError, type RangeExpr, type SelectorExpr, type SubqueryExpr } from './syntax.ts';
import { type Item, type Window, keyOf, withoutName } from './values.ts';

/** PromQL with the meaning it has in Prometheus, over anything that reads series. */

export interface Question {
  readonly expr: Expr;
  /** Milliseconds since 1970; of one moment both are the same. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** How long a sample stands for its series. */
  readonly lookback?: number;
  /** Steps of a subquery that does not say any. */
  readonly subqueryStep?: number;
}

export interface Series {
  readonly labels: Item['labels'];
  readonly at: readonly number[];
  readonly values: readonly number[];
}

export type Answer =
  | { readonly type: 'scalar'; readonly series: readonly [Series]; readonly warnings: readonly string[] }
  | { readonly type: 'vector' | 'matrix'; readonly series: readonly Series[]; readonly warnings: readonly string[] }
  | { readonly type: 'string'; readonly text: string; readonly warnings: readonly string[] };

const LOOKBACK = 5 * 60_000;
const SUBQUERY_STEP = 60_000;
/** Points of one answer and of one subquery: beyond, nobody reads it and it fills the memory. */
export const MOST_STEPS = 11_000;

/** At one moment. @throws PromqlError */
export function evaluateAt(reader: SeriesReader, question: Omit<Question, 'start' | 'end' | 'step'> & { readonly at: number }): Answer {
  const { at, expr } = question;
  const run = new Evaluation(reader, { ...question, start: at, end: at, step: 1 });
  const warnings = run.warnings;
  switch (typeOf(expr)) {
    case 'string':
      return { type: 'string', text: run.value(expr, at) as string, warnings: [] };
    case 'scalar': {
      const value = run.value(expr, at) as number;
      return { type: 'scalar', series: [{ labels: {}, at: [at], values: [value] }], warnings: [...warnings] };
    }
    case 'matrix': {
      const windows = run.windows(expr, at).filter((w) => w.at.length > 0);
      const named = windows.map(({ labels, unnamed, ...w }) => ({ ...w, labels: unnamed ? withoutName(labels) : labels }));
      return {
        type: 'matrix',
        series: named.map((w) => ({ labels: w.labels, at: [...w.at], values: [...w.values] })),
        warnings: [...warnings],
      };
    }
    case 'vector': {
      const items = finished(run.value(expr, at) as readonly Item[]);
      return { type: 'vector', series: items.map((i) => ({ labels: i.labels, at: [at], values: [i.value] })), warnings: [...warnings] };
    }
  }
}

/** At every step from start to end. @throws PromqlError */
export function evaluateRange(reader: SeriesReader, question: Question): Answer {
  const { expr, start, end, step } = question;
  const type = typeOf(expr);
  if (type !== 'scalar' && type !== 'vector')
    throw new PromqlError(`over a range a vector or a number is asked for, not a ${type === 'matrix' ? 'range' : type}`);
  if (!(step > 0)) throw new PromqlError('a step is a length of time above zero');
  if ((end - start) / step > MOST_STEPS) throw new PromqlError(`that is more than ${MOST_STEPS} points a series: take a larger step`);
  const run = new Evaluation(reader, question);
  const series = new Map<string, { labels: Item['labels']; at: number[]; values: number[] }>();
  const add = (labels: Item['labels'], at: number, value: number) => {
    const key = keyOf(labels);
    const known = series.get(key);
    if (known === undefined) series.set(key, { labels, at: [at], values: [value] });
    else {
      known.at.push(at);
      known.values.push(value);
    }
  };
  for (let at = start; at <= end; at += step) {
    const value = run.value(expr, at);
    if (typeof value === 'number') add({}, at, value);
    else for (const item of finished(value as readonly Item[])) add(item.labels, at, item.value);
  }
  return { type: 'matrix', series: [...series.values()], warnings: [...run.warnings] };
}

const finished = (items: readonly Item[]): readonly Item[] =>
  refuseSame(
    items.map((item) => (item.unnamed ? { ...item, labels: withoutName(item.labels) } : item)),
    keyOf,
  );

class Evaluation {
  readonly warnings = new Set<string>();
  readonly #reader: SeriesReader;
  readonly #question: Required<Question>;
  readonly #read = new Map<SelectorExpr, readonly Samples[]>();
  readonly #inner = new Map<SubqueryExpr, Map<number, readonly Item[]>>();

  constructor(reader: SeriesReader, question: Question) {
    this.#reader = reader;
    this.#question = { lookback: LOOKBACK, subqueryStep: SUBQUERY_STEP, ...question };
    this.#fetch(question.expr, question.start, question.end);
  }

  value(expr: Expr, at: number): number | string | readonly Item[] {
    switch (expr.type) {
      case 'number':
      case 'string':
        return expr.value;
      case 'selector':
        return this.#newest(expr, at);
      case 'call':
        return this.#call(expr, at);
      case 'aggregate': {
        const param = expr.param === undefined ? undefined : (this.value(expr.param, at) as number | string);
        return aggregate(expr, this.value(expr.expr, at) as readonly Item[], param, (text) => this.warnings.add(text));
      }
      case 'unary': {
        const value = this.value(expr.expr, at);
        if (!expr.negative) return value;
        if (typeof value === 'number') return -value;
        return (value as readonly Item[]).map((item) => ({ labels: item.labels, value: -item.value, unnamed: true }));
      }
      case 'binary': {
        const left = this.value(expr.left, at) as number | readonly Item[];
        const right = this.value(expr.right, at) as number | readonly Item[];
        if (typeof left === 'number')
          return typeof right === 'number' ? numbers(expr.op, left, right) : withNumber(expr, right, left, true);
        return typeof right === 'number' ? withNumber(expr, left, right, false) : vectors(expr, left, right);
      }
      case 'range':
      case 'subquery':
        throw new PromqlError('a range is no vector');
    }
  }

  windows(expr: Expr, at: number): readonly Window[] {
    if (expr.type === 'range') return this.#ranges(expr, at);
    if (expr.type === 'subquery') return this.#subquery(expr, at);
    throw new PromqlError('a vector is no range');
  }

  #call(expr: CallExpr, at: number): number | string | readonly Item[] {
    const { args, name } = expr;
    const call: Call = {
      at,
      args,
      number: (i) => this.value(args[i]!, at) as number,
      text: (i) => this.value(args[i]!, at) as string,
      vector: (i) => this.value(args[i]!, at) as readonly Item[],
      windows: (i) => this.windows(args[i]!, at),
      span: (i) => {
        const arg = args[i] as RangeExpr | SubqueryExpr;
        const to = this.#moment(arg.type === 'range' ? arg.selector : arg, at);
        return { from: to - arg.range, to };
      },
      warn: (text) => this.warnings.add(text),
    };
    const value = FUNCTIONS[name]!.run(call);
    return name.startsWith('label_') ? refuseSame(value as readonly Item[], keyOf) : value;
  }

  #moment({ at: fixed, offset }: Moment, at: number): number {
    const { start, end } = this.#question;
    return (fixed === 'start' ? start : fixed === 'end' ? end : (fixed ?? at)) - offset;
  }

  /** Of each series the newest sample that is not too old. */
  #newest(expr: SelectorExpr, at: number): readonly Item[] {
    const to = this.#moment(expr, at);
    const from = to - this.#question.lookback;
    return this.#read.get(expr)!.flatMap(({ labels, at: times, values, ended }): readonly Item[] => {
      const i = lastUpTo(times, to);
      if (i < 0 || times[i]! <= from || ended?.has(i) === true) return [];
      return [{ labels, value: values[i]!, unnamed: false, at: times[i]! }];
    });
  }

  #ranges({ selector, range }: RangeExpr, at: number): readonly Window[] {
    const to = this.#moment(selector, at);
    return this.#read.get(selector)!.map(({ labels, at: times, values, ended }) => {
      const first = lastUpTo(times, to - range) + 1;
      const end = lastUpTo(times, to) + 1;
      const window = { labels, unnamed: false, at: times.subarray(first, end), values: values.subarray(first, end) };
      if (ended === undefined || ended.size === 0) return window;
      const kept = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i).filter((i) => !ended.has(i));
      return { ...window, at: Float64Array.from(kept, (i) => times[i]!), values: Float64Array.from(kept, (i) => values[i]!) };
    });
  }

  /** The question inside at the steps within the range; steps are whole multiples of their length, whatever moment is asked for. */
  #subquery(expr: SubqueryExpr, at: number): readonly Window[] {
    const to = this.#moment(expr, at);
    const step = expr.step ?? this.#question.subqueryStep;
    const from = to - expr.range;
    let first = Math.floor(from / step) * step;
    if (first <= from) first += step;
    if ((to - first) / step > MOST_STEPS) throw new PromqlError(`that is more than ${MOST_STEPS} points in a subquery: take a larger step`);
    let known = this.#inner.get(expr);
    if (known === undefined) this.#inner.set(expr, (known = new Map()));
    const series = new Map<string, { labels: Item['labels']; unnamed: boolean; at: number[]; values: number[] }>();
    for (let t = first; t <= to; t += step) {
      let items = known.get(t);
      if (items === undefined) {
        const value = this.value(expr.expr, t);
        items = typeof value === 'number' ? [{ labels: {}, value, unnamed: false }] : (value as readonly Item[]);
        known.set(t, items);
      }
      for (const { labels, value, unnamed } of items) {
        const key = keyOf(labels);
        let its = series.get(key);
        if (its === undefined) series.set(key, (its = { labels, unnamed, at: [], values: [] }));
        its.at.push(t);
        its.values.push(value);
      }
    }
    return [...series.values()].map((s) => ({ ...s, at: Float64Array.from(s.at), values: Float64Array.from(s.values) }));
  }

  /** Each selector is read once, for all moments it will be asked for. */
  #fetch(expr: Expr, first: number, last: number): void {
    switch (expr.type) {
      case 'selector':
        return this.#fetchSelector(expr, first, last, this.#question.lookback);
      case 'range':
        return this.#fetchSelector(expr.selector, first, last, expr.range);
      case 'subquery': {
        const [from, to] = [this.#moment(expr, first), this.#moment(expr, last)];
        return this.#fetch(expr.expr, from - expr.range, to);
      }
      case 'call':
        for (const arg of expr.args) this.#fetch(arg, first, last);
        return;
      case 'aggregate':
        if (expr.param !== undefined) this.#fetch(expr.param, first, last);
        return this.#fetch(expr.expr, first, last);
      case 'binary':
        this.#fetch(expr.left, first, last);
        return this.#fetch(expr.right, first, last);
      case 'unary':
        return this.#fetch(expr.expr, first, last);
    }
  }

  #fetchSelector(selector: SelectorExpr, first: number, last: number, back: number): void {
    const [from, to] = [this.#moment(selector, first), this.#moment(selector, last)];
    this.#read.set(selector, this.#reader.select(selector.matchers, from - back, to));
  }
}

/** The place of the last time that is not after `time`, -1 where there is none. */
function lastUpTo(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
