import type { Namespace, Workload } from './fleet-model.ts';
import { podsOf } from './fleet-model.ts';
import type { Group, Site } from './fleet-plots.ts';

/** What was found: a place on the map, or a pod in it. */
export interface Found {
  readonly key: string;
  readonly pod: number | undefined;
  readonly name: string;
  readonly kind: string;
  /** Where it is: `prod · shop`. */
  readonly within: string;
  readonly begins: boolean;
}

/**
 * Places whose name holds the text, those that begin with it first, and larger places before smaller ones; at most so many. A whole fleet of
 * pods is looked through while somebody types: names are only taken apart where one fits.
 */
export function find(groups: readonly Group[], words: string, most: number): readonly Found[] {
  const text = words.trim().toLowerCase();
  if (text === '') return [];
  const begin: Found[] = [];
  const hold: Found[] = [];
  const offer = (found: Omit<Found, 'begins'>) => {
    const at = found.name.toLowerCase().indexOf(text);
    if (at === 0 && begin.length < most) begin.push({ ...found, begins: true });
    else if (at > 0 && hold.length < most) hold.push({ ...found, begins: false });
  };
  const sites = groups.flatMap((g) => g.sites);
  const namespaces = sites.flatMap((s) => s.cluster?.namespaces ?? []);
  for (const site of sites) offer(ofSite(site));
  for (const namespace of namespaces) offer(ofNamespace(namespace));
  for (const { workloads } of namespaces) for (const w of workloads) offer(ofWorkload(w));
  for (const { workloads } of namespaces)
    for (const w of workloads) {
      if (begin.length + hold.length >= most) break;
      if (!mayHold(w, text)) continue;
      for (const [n, { name }] of podsOf(w).entries())
        offer({ key: w.key, pod: n, name, kind: 'Pod', within: `${w.context} · ${w.namespace}` });
    }
  return [...begin, ...hold].slice(0, most);
}

/** Whether one of its pods can hold the text, without taking their names apart. */
function mayHold({ name, podText }: Workload, text: string): boolean {
  if (podText === '') return false;
  const own = name.toLowerCase();
  if (own.includes(text) || podText.toLowerCase().includes(text)) return true;
  // The text may begin in the workload's name and end in the pod's own part.
  for (let k = 1; k < text.length; k++) if (own.endsWith(text.slice(0, k)) && podText.includes(text.slice(k))) return true;
  return false;
}

const ofSite = ({ key, context, row }: Site) => ({ key, pod: undefined, name: row.alias ?? context, kind: 'Cluster', within: '' });
const ofNamespace = ({ key, name, context }: Namespace) => ({ key, pod: undefined, name, kind: 'Namespace', within: context });
const ofWorkload = ({ key, name, kind, context, namespace }: Workload) => ({
  key,
  pod: undefined,
  name,
  kind,
  within: `${context} · ${namespace}`,
});
