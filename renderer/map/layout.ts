/**
 * Where things are: boxes within boxes, in order, like words on a page. Pure: the same input has the same places. Sizes follow the square
 * root of what is meant to be there, in steps, so that one more pod moves nothing around it; health has no say.
 */

/** What is to be placed. `size`: pods meant to be in it. */
export interface Plot<T> {
  readonly item: T;
  readonly size: number;
  readonly children: readonly Plot<T>[];
}

/** Its place within its parent, in parts of the parent's room: 0 to 1. */
export interface Box<T> {
  readonly item: T;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Its form, width through height, when the whole is drawn in the room it was laid out for. */
  readonly aspect: number;
  readonly children: readonly Box<T>[];
}

/** One step of size, as a factor of the area. */
const STEP = Math.log(1.25);
/** The weight of what is empty: it has a place too, and not that of something. */
const EMPTY = 0.3;
/** Wider than high is easier to read. */
const WISHED_ASPECT = 1.35;

/** The weight of something with so many pods: its square root, in steps. */
export function weightOf(size: number): number {
  const known = weights[size];
  if (known !== undefined && known > 0) return known;
  const weight = weighed(size);
  if (size < weights.length) weights[size] = weight;
  return weight;
}

/** Those of small numbers, which nearly all are. */
const weights = new Float64Array(2_048);

function weighed(size: number): number {
  return size <= 0 ? EMPTY : Math.exp(Math.round(Math.log(Math.sqrt(size)) / STEP) * STEP);
}

/** Places everything below `plots` in a room of this aspect (width through height). */
export function layOut<T>(plots: readonly Plot<T>[], aspect: number): Box<T>[] {
  const boxes: Box<T>[] = [];
  const weights = plots.map((p) => weightOf(p.size));
  const all = weights.reduce((sum, w) => sum + w, 0);
  // In a room of width `aspect` and height 1.
  const unit = aspect / all;
  let y = 0;
  let i = 0;
  for (const end of rowEnds(weights, unit, aspect)) {
    let area = 0;
    for (let k = i; k < end; k++) area += (weights[k] ?? 0) * unit;
    const height = area / aspect;
    let x = 0;
    for (let k = i; k < end; k++) {
      const plot = plots[k] as Plot<T>;
      const width = ((weights[k] ?? 0) * unit) / height;
      const children = plot.children.length === 0 ? NOTHING : layOut(plot.children, width / height);
      boxes.push({ item: plot.item, x: x / aspect, y, w: width / aspect, h: height, aspect: width / height, children });
      x += width;
    }
    y += height;
    i = end;
  }
  return boxes;
}

const NOTHING: readonly never[] = [];

/** Where rows end. What is left for the last one is too little for a row at times: the last two then share what they have. */
function rowEnds(weights: readonly number[], unit: number, width: number): number[] {
  const ends: number[] = [];
  for (let i = 0; i < weights.length;) ends.push((i = endOfRow(weights, i, unit, width)));
  if (ends.length < 2) return ends;
  const begin = ends.at(-3) ?? 0;
  let whole = 0;
  for (let k = begin; k < weights.length; k++) whole += (weights[k] ?? 0) * unit;
  let best = badness(whole, weights.length - begin, width);
  let split = weights.length;
  let area = 0;
  for (let k = begin; k < weights.length - 1; k++) {
    area += (weights[k] ?? 0) * unit;
    const bad = Math.max(badness(area, k + 1 - begin, width), badness(whole - area, weights.length - k - 1, width));
    if (bad >= best) continue;
    best = bad;
    split = k + 1;
  }
  return [...ends.slice(0, -2), ...(split === weights.length ? [] : [split]), weights.length];
}

/** Takes things into a row as long as that brings them nearer to the wished form. */
function endOfRow(weights: readonly number[], begin: number, unit: number, width: number): number {
  let area = 0;
  let best = Infinity;
  for (let k = begin; k < weights.length; k++) {
    area += (weights[k] ?? 0) * unit;
    const bad = badness(area, k + 1 - begin, width);
    if (bad > best) return k;
    best = bad;
  }
  return weights.length;
}

/** How far so many things are from the wished form when they share a row with that area: the one of middle size, that is. */
function badness(area: number, count: number, width: number): number {
  const height = area / width;
  return off(area / count / height / height);
}

/** How far an aspect is from the wished one; 1 is there. */
function off(aspect: number): number {
  return aspect > WISHED_ASPECT ? aspect / WISHED_ASPECT : WISHED_ASPECT / aspect;
}

/** Equal cells for so many in a room: row by row, in their order. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** `aspect`: of the room. The same number in the same room always has the same cells, however large it is drawn. */
export function gridOf(count: number, aspect: number): Grid {
  if (count <= 1) return { columns: 1, rows: 1 };
  let columns = Math.max(1, Math.min(count, Math.round(Math.sqrt(count * aspect))));
  let rows = Math.ceil(count / columns);
  // One column more may save a row.
  if (Math.ceil(count / (columns + 1)) < rows && Math.abs(aspectOf(columns + 1)) < Math.abs(aspectOf(columns))) columns++;
  rows = Math.ceil(count / columns);
  return { columns, rows };
  function aspectOf(c: number): number {
    return Math.log((aspect / c) * Math.ceil(count / c));
  }
}
