import { BROKEN, CHANGING, type Counts, DEGRADED, type Health, OK, UNKNOWN, pods } from './fleet-model.ts';
import type { Placed } from './fleet-plots.ts';

/** The map in words, for the card, the list, and those who hear it. Pure. */

export const HEALTH_WORDS: Readonly<Record<Health, string>> = {
  [OK]: 'well',
  [CHANGING]: 'changing',
  [DEGRADED]: 'degraded',
  [BROKEN]: 'broken',
  [UNKNOWN]: 'not known',
};

/** `120 pods: 3 broken, 1 changing`, worst first; what is well is not counted again. */
export function podWords(counts: Counts): string {
  const all = pods(counts);
  if (all === 0) return 'no pods';
  const said = ([BROKEN, DEGRADED, UNKNOWN, CHANGING] as const).flatMap((h) => (counts[h] > 0 ? [`${counts[h]} ${HEALTH_WORDS[h]}`] : []));
  return `${all} ${all === 1 ? 'pod' : 'pods'}${said.length === 0 ? ', all well' : `: ${said.join(', ')}`}`;
}

export function kindWords(item: Placed): string {
  switch (item.level) {
    case 'group':
      return `Group of ${item.sites.length} ${item.sites.length === 1 ? 'cluster' : 'clusters'}`;
    case 'cluster':
      return [
        'Cluster',
        ...(item.row.protected ? ['protected'] : []),
        ...(item.row.readOnly ? ['read-only'] : []),
        ...(item.row.demo ? ['demo'] : []),
      ].join(', ');
    case 'namespace':
      return `Namespace in ${item.context}`;
    case 'workload':
      return `${item.kind} in ${item.context} · ${item.namespace}`;
  }
}

export function nameOf(item: Placed): string {
  return item.level === 'cluster' ? (item.row.alias ?? item.context) : item.name;
}

/** A place as it is said to somebody who cannot see it. */
export function spoken(item: Placed, state: string): string {
  const counts = item.level === 'cluster' ? item.cluster?.counts : item.level === 'group' ? undefined : item.counts;
  return [nameOf(item), kindWords(item), state, counts === undefined ? '' : podWords(counts)].filter((w) => w !== '').join(', ');
}
