import type { ContextRow } from '../../agents/contract/index.ts';
import { type Cluster, type FleetModel, type Namespace, type Workload, byText, keyOf } from './fleet-model.ts';
import type { Plot } from './layout.ts';

/** A context on the map, whether or not anything is known of its cluster. */
export interface Site {
  readonly level: 'cluster';
  readonly key: string;
  readonly context: string;
  readonly row: ContextRow;
  readonly cluster: Cluster | undefined;
}

export interface Group {
  readonly level: 'group';
  readonly key: string;
  /** As people call it: their own group, else the file it comes from. */
  readonly name: string;
  readonly sites: readonly Site[];
}

export type Placed = Group | Site | Namespace | Workload;

/** By own group where people gave one, else by the file; names in order, whatever their state. */
export function groupsOf(contexts: readonly ContextRow[], model: FleetModel): readonly Group[] {
  const groups = new Map<string, Site[]>();
  for (const row of contexts) {
    const name = row.group ?? fileName(row.file);
    const site: Site = { level: 'cluster', key: keyOf(row.name), context: row.name, row, cluster: model.cluster(row.name) };
    const there = groups.get(name);
    if (there === undefined) groups.set(name, [site]);
    else there.push(site);
  }
  return [...groups]
    .sort(([a], [b]) => byText(a, b))
    .map(([name, sites]) => ({
      level: 'group',
      key: `:${keyOf(name)}`,
      name,
      sites: sites.sort((a, b) => byText(a.context, b.context)),
    }));
}

const fileName = (path: string): string =>
  path
    .split(/[/\\]/)
    .filter((p) => p !== '')
    .at(-1) ?? path;

/** Of a workload scaled to nothing and a context nobody has read: they are to be seen, and named. */
const LEAST = 1;

export function plotsOf(groups: readonly Group[]): Plot<Placed>[] {
  const plots = groups.map((group): Plot<Placed> => plot(group, group.sites.map(sitePlot)));
  // A single group is the fleet itself.
  return plots.length === 1 ? [...(plots[0]?.children ?? [])] : plots;
}

const plot = (item: Placed, children: readonly Plot<Placed>[]): Plot<Placed> => ({
  item,
  children,
  size: children.reduce((sum, c) => sum + Math.max(LEAST, c.size), 0),
});

/** Plots of namespaces that have not changed are the same as before. */
const known = new WeakMap<Namespace, Plot<Placed>>();

function sitePlot(site: Site): Plot<Placed> {
  const namespaces = site.cluster?.namespaces ?? [];
  const made = plot(
    site,
    namespaces.map((namespace) => {
      let own = known.get(namespace);
      if (own === undefined) {
        own = plot(
          namespace,
          namespace.workloads.map((w) => ({ item: w, size: Math.max(LEAST, w.meant), children: [] })),
        );
        known.set(namespace, own);
      }
      return own;
    }),
  );
  // Until its map is there, it takes the room it is known to need.
  return namespaces.length > 0 ? made : { ...made, size: Math.max(LEAST, site.row.counts['Pod'] ?? 0) };
}
