import { type BinaryExpr, type Matching, PromqlError } from './syntax.ts';
import { type Item, NAME, keyOf, only, withLabel, without, wordsOf } from './values.ts';

/** Two operands joined: numbers, a vector and a number, or two vectors. */

const power = (a: number, b: number): number => (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) ? 1 : a ** b);

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  atan2: Math.atan2,
};
const COMPARISON: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

export function numbers(op: string, a: number, b: number): number {
  const arithmetic = ARITHMETIC[op];
  return arithmetic === undefined ? Number(COMPARISON[op]!(a, b)) : arithmetic(a, b);
}

/** `vector op number`, or with `turned` the other way round. */
export function withNumber({ op, bool }: Pick<BinaryExpr, 'op' | 'bool'>, items: readonly Item[], number: number, turned: boolean): Item[] {
  return items.flatMap((item) => {
    const [a, b] = turned ? [number, item.value] : [item.value, number];
    if (op in ARITHMETIC || bool) return [{ labels: item.labels, value: numbers(op, a, b), unnamed: true }];
    return COMPARISON[op]!(a, b) ? [{ labels: item.labels, value: item.value, unnamed: item.unnamed }] : [];
  });
}

const leaving = (labels: Item['labels'], names: readonly string[]): Item['labels'] =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name !== NAME && !names.includes(name)));

/** What is compared of a label set to find its partner. */
function signature({ on, labels }: Matching): (item: Item) => string {
  const found = new WeakMap<Item['labels'], string>();
  return (item) => {
    let key = found.get(item.labels);
    if (key === undefined) found.set(item.labels, (key = keyOf(on ? only(item.labels, labels) : leaving(item.labels, labels))));
    return key;
  };
}

export function vectors(expr: BinaryExpr, left: readonly Item[], right: readonly Item[]): Item[] {
  const sign = signature(expr.matching);
  switch (expr.op) {
    case 'and': {
      const there = new Set(right.map(sign));
      return left.filter((item) => there.has(sign(item)));
    }
    case 'unless': {
      const there = new Set(right.map(sign));
      return left.filter((item) => !there.has(sign(item)));
    }
    case 'or': {
      const there = new Set(left.map(sign));
      return [...left, ...right.filter((item) => !there.has(sign(item)))];
    }
    default:
      return matched(expr, left, right, sign);
  }
}

function matched({ op, bool, matching }: BinaryExpr, left: readonly Item[], right: readonly Item[], sign: (item: Item) => string): Item[] {
  const turned = matching.many === 'right';
  const [many, ones] = turned ? [right, left] : [left, right];
  if (many.length === 0 || ones.length === 0) return [];
  const partners = new Map<string, Item>();
  for (const item of ones) {
    const key = sign(item);
    const other = partners.get(key);
    if (other !== undefined) {
      const side = turned ? 'left' : 'right';
      throw new PromqlError(
        `found duplicate series for the match group ${key} on the ${side} hand-side of the operation: [${wordsOf(item.labels)}, ${wordsOf(other.labels)}]; many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    partners.set(key, item);
  }
  const out: Item[] = [];
  const seen = new Set<string>();
  for (const item of many) {
    const key = sign(item);
    const partner = partners.get(key);
    if (partner === undefined) continue;
    const [a, b] = turned ? [partner.value, item.value] : [item.value, partner.value];
    const filters = op in COMPARISON && !bool;
    if (filters && !COMPARISON[op]!(a, b)) continue;
    const value = filters ? a : numbers(op, a, b);
    const labels = resultLabels(matching, item.labels, partner.labels);
    const mark = matching.many === 'one' ? key : keyOf(labels);
    if (seen.has(mark))
      throw new PromqlError(
        matching.many === 'one'
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      );
    seen.add(mark);
    out.push({ labels, value, unnamed: filters ? item.unnamed : true });
  }
  return out;
}

function resultLabels({ on, labels, many, include }: Matching, its: Item['labels'], partners: Item['labels']): Item['labels'] {
  if (many === 'one') {
    if (on) return only(its, labels);
    const name = its[NAME];
    return labels.length === 0 ? its : { ...(name === undefined ? {} : { [NAME]: name }), ...without(its, labels) };
  }
  return include.reduce((out, label) => withLabel(out, label, partners[label] ?? ''), its);
}
