import { type Span, joined } from './block.ts';

/** Spans and samples of one series, as blocks have them, brought together. */

/** Of one block: times, then least, and of roll-ups also largest, sum, count, and the length of their spans. */
export type Columns = readonly (Float64Array | undefined)[];

interface Folded {
  at: number;
  min: number;
  max: number;
  sum: number;
  count: number;
}

/** Spans of `step` milliseconds that have samples, from `from` to before `to`. */
export function folded(blocks: Iterable<Columns>, from: number, to: number, step: number): readonly Span[] {
  const out: Folded[] = [];
  let ordered = true;
  for (const [at, min, max = min, sum = min, counts] of blocks) {
    const size = at!.length;
    let i = 0;
    while (i < size && at![i]! < from) i++;
    // Span by span, not sample by sample: a call or an object for each would be most of the work.
    while (i < size && at![i]! < to) {
      const start = Math.floor(at![i]! / step) * step;
      const end = Math.min(to, start + step);
      let least = min![i]!;
      let most = max![i]!;
      let total = 0;
      const first = i;
      let count = 0;
      if (counts === undefined) {
        for (; i < size && at![i]! < end; i++) {
          const value = min![i]!;
          if (value < least) least = value;
          if (value > most) most = value;
          total += value;
        }
        count = i - first;
      } else
        for (; i < size && at![i]! < end; i++) {
          least = Math.min(least, min![i]!);
          most = Math.max(most, max![i]!);
          total += sum![i]!;
          count += counts[i]!;
        }
      const last = out.at(-1);
      if (last?.at === start) {
        // A span that begins in one block and ends in the next.
        last.min = Math.min(last.min, least);
        last.max = Math.max(last.max, most);
        last.sum += total;
        last.count += count;
        continue;
      }
      if (start < (last?.at ?? Number.NEGATIVE_INFINITY)) ordered = false;
      out.push({ at: start, min: least, max: most, sum: total, count });
    }
  }
  return ordered ? out : foldedTogether(out);
}

/** Spans that blocks share, and spans of blocks that are not in order. */
function foldedTogether(spans: readonly Folded[]): readonly Span[] {
  const out = new Map<number, Folded>();
  for (const span of spans) {
    const there = out.get(span.at);
    if (there === undefined) {
      out.set(span.at, span);
      continue;
    }
    there.min = Math.min(there.min, span.min);
    there.max = Math.max(there.max, span.max);
    there.sum += span.sum;
    there.count += span.count;
  }
  return [...out.values()].sort((a, b) => a.at - b.at);
}

/** In the order of their times, each time once: of two the one of the later part. */
export function within(
  parts: readonly { readonly at: Float64Array; readonly values: Float64Array }[],
  from: number,
  to: number,
): { at: Float64Array; values: Float64Array } {
  const size = parts.reduce((sum, p) => sum + p.at.length, 0);
  const at = new Float64Array(size);
  const values = new Float64Array(size);
  let n = 0;
  let ordered = true;
  for (const part of parts)
    for (let i = 0; i < part.at.length; i++) {
      const t = part.at[i]!;
      if (t <= from || t > to) continue;
      if (n > 0 && t <= at[n - 1]!) ordered = false;
      at[n] = t;
      values[n++] = part.values[i]!;
    }
  if (ordered) return { at: at.subarray(0, n), values: values.subarray(0, n) };
  const later = new Map<number, number>();
  for (let i = 0; i < n; i++) later.set(at[i]!, values[i]!);
  const sorted = [...later].sort(([a], [b]) => a - b);
  return { at: Float64Array.from(sorted, ([t]) => t), values: Float64Array.from(sorted, ([, v]) => v) };
}

/** Mostly at the end. */
export function insert(spans: Span[], span: Span, join = false): void {
  let place = spans.length;
  while (place > 0 && spans[place - 1]!.at > span.at) place--;
  const before = spans[place - 1];
  if (before?.at === span.at) spans[place - 1] = join ? joined(before, span) : span;
  else spans.splice(place, 0, span);
}

export function rolledUp(spans: readonly Span[], step: number): readonly Span[] {
  const out: Span[] = [];
  for (const span of spans) insert(out, { ...span, at: Math.floor(span.at / step) * step }, true);
  return out;
}
