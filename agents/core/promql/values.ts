import type { Labels } from './reader.ts';

/** One element of a vector. `unnamed`: its metric's name is left off at the end, for it is not that metric any more. */
export interface Item {
  readonly labels: Labels;
  readonly value: number;
  readonly unnamed: boolean;
  /** Of a selector's item: when it was measured. */
  readonly at?: number;
}

/** Samples of one series within a range, in columns. */
export interface Window {
  readonly labels: Labels;
  readonly unnamed: boolean;
  readonly at: Float64Array;
  readonly values: Float64Array;
}

export const NAME = '__name__';
/** What goes with the name: it says of what kind the metric is. */
const METADATA = [NAME, '__type__', '__unit__'];

const keys = new WeakMap<Labels, string>();

/** The same for equal label sets. */
export function keyOf(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) {
    key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    keys.set(labels, key);
  }
  return key;
}

const bare = new WeakMap<Labels, Labels>();

/** Without the metric's name. */
export function withoutName(labels: Labels): Labels {
  if (!METADATA.some((name) => name in labels)) return labels;
  let rest = bare.get(labels);
  if (rest === undefined) bare.set(labels, (rest = without(labels, [])));
  return rest;
}

export const only = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.flatMap((name) => (labels[name] === undefined || labels[name] === '' ? [] : [[name, labels[name]]])));

export const without = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !METADATA.includes(name) && !names.includes(name)));

/** With a label set, or taken away where it is empty. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const { [name]: _before, ...rest } = labels;
  return value === '' ? rest : { ...rest, [name]: value };
}

/** The metric as people write it. */
export function wordsOf(labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => name !== NAME)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${labels[NAME] ?? ''}{${pairs.join(', ')}}`;
}

/** A sum that keeps what is lost in rounding (Neumaier). */
export class Sum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const next = this.#sum + value;
    if (!Number.isFinite(next)) this.#lost = 0;
    else if (Math.abs(this.#sum) >= Math.abs(value)) this.#lost += this.#sum - next + value;
    else this.#lost += value - next + this.#sum;
    this.#sum = next;
  }

  get total(): number {
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }
}

export function sumOf(values: Iterable<number>): number {
  const sum = new Sum();
  for (const value of values) sum.add(value);
  return sum.total;
}

/** Sum by number; where that leaves what a number can hold, step by step. */
export function meanOf(values: ArrayLike<number> & Iterable<number>): number {
  const total = sumOf(values);
  if (Number.isFinite(total)) return total / values.length;
  let mean = 0;
  let count = 0;
  for (const value of values) {
    count++;
    if (!Number.isFinite(mean)) {
      if (!Number.isFinite(value) && mean === value) continue;
      if (Number.isFinite(value)) continue;
    }
    mean = count === 1 ? value : mean + (value / count - mean / count);
  }
  return mean;
}

/** Mean square of the distances from the mean. */
export function varianceOf(values: ArrayLike<number> & Iterable<number>): number {
  let mean = 0;
  let count = 0;
  const squares = new Sum();
  for (const value of values) {
    count++;
    const before = value - mean;
    mean += before / count;
    squares.add(before * (value - mean));
  }
  return squares.total / count;
}

/** Least first, what is no number before all. */
export const ascending = (a: number, b: number): number => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a - b);

export function quantileOf(q: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const sorted = [...values].sort(ascending);
  const rank = q * (sorted.length - 1);
  const low = Math.max(0, Math.floor(rank));
  const high = Math.min(sorted.length - 1, low + 1);
  const weight = rank - Math.floor(rank);
  return sorted[low]! * (1 - weight) + sorted[high]! * weight;
}

/** Least squares over the points, seconds counted from `from`. */
export function lineOf(at: Float64Array, values: Float64Array, from: number): { readonly slope: number; readonly level: number } {
  const sums = { x: new Sum(), y: new Sum(), xy: new Sum(), xx: new Sum() };
  let constant = true;
  for (let i = 0; i < at.length; i++) {
    if (values[i] !== values[0]) constant = false;
    const x = (at[i]! - from) / 1000;
    sums.x.add(x);
    sums.y.add(values[i]!);
    sums.xy.add(x * values[i]!);
    sums.xx.add(x * x);
  }
  if (constant) return Number.isFinite(values[0]!) ? { slope: 0, level: values[0]! } : { slope: NaN, level: NaN };
  const n = at.length;
  const covariance = sums.xy.total - (sums.x.total * sums.y.total) / n;
  const variance = sums.xx.total - (sums.x.total * sums.x.total) / n;
  const slope = covariance / variance;
  return { slope, level: sums.y.total / n - (slope * sums.x.total) / n };
}

/** As Prometheus writes numbers into labels: never with an exponent. */
export function plainNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '', exponent = '0'] = text.split('e');
  const power = Number(exponent);
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole = '', part = ''] = digits.replace('-', '').split('.');
  return power < 0 ? `${sign}0.${'0'.repeat(-power - 1)}${whole}${part}` : `${sign}${whole}${part.padEnd(power, '0')}`;
}
