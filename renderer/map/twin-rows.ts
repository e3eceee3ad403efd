import type { ContextRow } from '../../agents/contract/index.ts';
import { type Namespace, type Workload, podsOf } from './fleet-model.ts';
import type { Group, Placed } from './fleet-plots.ts';
import { nameOf } from './words.ts';

/** The map as lines of a list, in its own order; what is folded is not there. Pure. */

export interface TwinRow {
  readonly id: string;
  readonly item: Placed;
  /** A pod in a workload. */
  readonly pod: number | undefined;
  readonly name: string;
  /** From 1. */
  readonly depth: number;
  /** Undefined where there is nothing in it. */
  readonly open: boolean | undefined;
  /** Among those beside it: its place from 1, and how many there are. */
  readonly place: number;
  readonly of: number;
}

/** `opened`: ids of rows that are unfolded. `typed`: only what holds the text, with what it is in. */
export function twinRows(groups: readonly Group[], opened: ReadonlySet<string>, typed: string): readonly TwinRow[] {
  const text = typed.trim().toLowerCase();
  const rows: TwinRow[] = [];
  const single = groups.length === 1;
  const holds = (name: string) => name.toLowerCase().includes(text);

  const put = (item: Placed, depth: number, place: number, of: number, inside: number, inner: () => void, matches: boolean) => {
    const at = rows.length;
    const folded = text === '' ? !opened.has(item.key) : false;
    rows.push({ id: item.key, item, pod: undefined, name: nameOf(item), depth, open: inside === 0 ? undefined : !folded, place, of });
    if (!folded) inner();
    // Nothing in it holds the text, and it does not itself: it is not shown.
    if (text !== '' && rows.length === at + 1 && !matches) rows.pop();
    else if (text !== '' && rows.length === at + 1) rows[at] = { ...(rows[at] as TwinRow), open: inside === 0 ? undefined : false };
  };
  const workload = (w: Workload, depth: number, place: number, of: number) =>
    put(
      w,
      depth,
      place,
      of,
      w.podHealth.length,
      () => {
        if (text !== '' && !mayHold(w, text)) return;
        const all = podsOf(w);
        for (const [n, pod] of all.entries())
          if (text === '' || holds(pod.name))
            rows.push({
              id: `${w.key}#${n}`,
              item: w,
              pod: n,
              name: pod.name,
              depth: depth + 1,
              open: undefined,
              place: n + 1,
              of: all.length,
            });
      },
      holds(w.name),
    );
  const namespace = (n: Namespace, depth: number, place: number, of: number) =>
    put(
      n,
      depth,
      place,
      of,
      n.workloads.length,
      () => {
        for (const [i, w] of n.workloads.entries()) workload(w, depth + 1, i + 1, n.workloads.length);
      },
      holds(n.name),
    );
  for (const [g, group] of groups.entries()) {
    const sites = (depth: number) => {
      for (const [s, site] of group.sites.entries()) {
        const within = site.cluster?.namespaces ?? [];
        put(
          site,
          depth,
          s + 1,
          group.sites.length,
          within.length,
          () => {
            for (const [i, n] of within.entries()) namespace(n, depth + 1, i + 1, within.length);
          },
          holds(nameOf(site)) || holds(site.context),
        );
      }
    };
    if (single) sites(1);
    else put(group, 1, g + 1, groups.length, group.sites.length, () => sites(2), holds(group.name));
  }
  return rows;
}

function mayHold({ name, podText }: Workload, text: string): boolean {
  return name.toLowerCase().includes(text) || podText.toLowerCase().includes(text) || text.startsWith(name.toLowerCase());
}

/** Whether a click on the cluster's button would end its watch. */
export const isWatched = (state: ContextRow['state']): boolean => state === 'connected' || state === 'stale' || state === 'connecting';
