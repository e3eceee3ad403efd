import { type AggregateExpr, PromqlError } from './syntax.ts';
import {
  type Item,
  NAME,
  ascending,
  keyOf,
  meanOf,
  only,
  plainNumber,
  quantileOf,
  sumOf,
  varianceOf,
  withLabel,
  without,
} from './values.ts';

type Fold = (values: Float64Array) => number;
const extreme =
  (better: (a: number, b: number) => boolean): Fold =>
  (values) =>
    values.reduce((best, value) => (better(value, best) || Number.isNaN(best) ? value : best));

const FOLDS: Readonly<Record<string, Fold>> = {
  sum: sumOf,
  avg: meanOf,
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(varianceOf(values)),
  stdvar: varianceOf,
};

interface Group {
  readonly labels: Item['labels'];
  readonly items: Item[];
}

/** Many elements become one a group; `topk` and `bottomk` keep elements as they are. */
export function aggregate(
  { op, grouping, without: leavingOut }: AggregateExpr,
  items: readonly Item[],
  param: number | string | undefined,
  warn: (text: string) => void,
): Item[] {
  if (op === 'topk' || op === 'bottomk') {
    const k = sizeOf(param as number);
    if (k < 1) return [];
    return groupsOf(items, grouping, leavingOut).flatMap((group) => best(group.items, k, op === 'topk'));
  }
  if (op === 'count_values') return counted(items, grouping, leavingOut, param as string);
  if (op === 'quantile') {
    const q = param as number;
    if (Number.isNaN(q) || q < 0 || q > 1) warn(`quantile value should be between 0 and 1, got ${q}`);
  }
  return groupsOf(items, grouping, leavingOut).map(({ labels, items: members }) => {
    const values = Float64Array.from(members, (item) => item.value);
    const value = op === 'quantile' ? quantileOf(param as number, [...values]) : FOLDS[op]!(values);
    return { labels, value, unnamed: members.some((item) => item.unnamed) };
  });
}

function sizeOf(k: number): number {
  if (Number.isNaN(k)) throw new PromqlError('Parameter value is NaN');
  if (k <= -(2 ** 63)) throw new PromqlError(`Scalar value ${k} underflows int64`);
  if (k >= 2 ** 63) throw new PromqlError(`Scalar value ${k} overflows int64`);
  return Math.trunc(k);
}

const memo = new WeakMap<AggregateExpr['grouping'], WeakMap<Item['labels'], Item['labels']>>();

function groupsOf(items: readonly Item[], grouping: readonly string[], leavingOut: boolean): readonly Group[] {
  let known = memo.get(grouping);
  if (known === undefined) memo.set(grouping, (known = new WeakMap()));
  const groups = new Map<string, Group>();
  for (const item of items) {
    let labels = known.get(item.labels);
    if (labels === undefined) {
      labels = leavingOut ? without(item.labels, [...grouping, NAME]) : only(item.labels, grouping);
      known.set(item.labels, labels);
    }
    const key = keyOf(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, items: [item] });
    else group.items.push(item);
  }
  return [...groups.values()];
}

/** What is no number comes last, whichever end is asked for. */
function best(items: readonly Item[], k: number, largest: boolean): Item[] {
  const numbers = items.filter((item) => !Number.isNaN(item.value));
  numbers.sort((a, b) => (largest ? ascending(b.value, a.value) : ascending(a.value, b.value)));
  return [...numbers, ...items.filter((item) => Number.isNaN(item.value))].slice(0, k);
}

function counted(items: readonly Item[], grouping: readonly string[], leavingOut: boolean, label: string): Item[] {
  if (label === '') throw new PromqlError('invalid label name ""');
  const counts = new Map<string, { labels: Item['labels']; value: number }>();
  for (const { labels, items: members } of groupsOf(items, grouping, leavingOut))
    for (const item of members) {
      const its = withLabel(labels, label, plainNumber(item.value));
      const key = keyOf(its);
      const count = counts.get(key);
      if (count === undefined) counts.set(key, { labels: its, value: 1 });
      else count.value++;
    }
  return [...counts.values()].map((count) => ({ ...count, unnamed: false }));
}
