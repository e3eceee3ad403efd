import type { Health, Kind, KubeObject } from '../contract/index.ts';

/** A column's value. Counts stay numbers, so that they sort as such. */
export type Cell = string | number;

/** How objects of one kind are shown as a row: the columns besides name, age and state, and their values in that order. */
export interface RowSpec<K extends Kind> {
  readonly columns: readonly string[];
  row(object: KubeObject<K>): { readonly state: string; readonly health: Health; readonly cells: readonly Cell[] };
}

export type RowSpecs<K extends Kind> = { readonly [P in K]: RowSpec<P> };

/** Rows are kept by the ten thousand: what a list of images or ports may take of each, in characters. */
const WIDEST = 80;

/** A list as one cell, cut with the number of what is left out. */
export function fitting(items: readonly string[]): string {
  let text = '';
  for (const [i, item] of items.entries()) {
    const next = i === 0 ? item : `${text}, ${item}`;
    const left = items.length - i;
    if (next.length > WIDEST) return i === 0 ? `${next.slice(0, WIDEST - 1)}…${left > 1 ? ` +${left - 1}` : ''}` : `${text} +${left}`;
    text = next;
  }
  return text;
}
