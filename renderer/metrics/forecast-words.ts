import { type Outlook, type RunningOut, unitOf, valueWords } from '../../agents/contract/index.ts';
import { clockWords } from '../state/cluster-words.ts';

/** A forecast as one sentence, and what it stands on. Pure. */

const MINUTE = 60_000;

/** "25 min", "1 h 40 min", "2 d 3 h": as exact as it is worth being. */
export function lengthWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes < 60) return `${minutes} min`;
  const step = minutes < 12 * 60 ? 5 : 60;
  const rounded = Math.round(minutes / step) * step;
  const [days, hours, rest] = [Math.floor(rounded / 1440), Math.floor((rounded % 1440) / 60), rounded % 60];
  if (days > 0) return `${days} d${hours > 0 ? ` ${hours} h` : ''}`;
  return `${hours} h${rest > 0 ? ` ${rest} min` : ''}`;
}

/** By its claim; one of the node's own disk or memory goes by its name in the pod. */
const volumeOf = ({ persistentvolumeclaim = '', volume = '' }: Readonly<Record<string, string>>): string =>
  persistentvolumeclaim === '' ? volume : persistentvolumeclaim;

const WHAT: Readonly<Record<string, (labels: Readonly<Record<string, string>>) => { readonly ends: string; readonly is: string }>> = {
  workload_memory_bytes_max: () => ({ ends: 'Out of memory', is: 'Memory' }),
  volume_used_bytes: (l) => ({ ends: `Volume ${volumeOf(l)} full`, is: `Volume ${volumeOf(l)}` }),
  volume_inodes_used: (l) => ({ ends: `No inodes left on ${volumeOf(l)}`, is: `Inodes of ${volumeOf(l)}` }),
  node_memory_bytes: () => ({ ends: 'Memory of the node used up', is: 'Memory of the node' }),
  node_filesystem_used_bytes: () => ({ ends: 'Disk of the node full', is: 'Disk of the node' }),
  node_filesystem_inodes_used: () => ({ ends: 'No inodes left on the node', is: 'Inodes of the node' }),
  quota_used: (l) => ({ ends: `Quota of ${l['resource'] ?? ''} used up`, is: `Quota of ${l['resource'] ?? ''}` }),
  hpa_replicas: () => ({ ends: 'Autoscaler at its most replicas', is: 'Replicas of the autoscaler' }),
};

const whatOf = ({ signal, labels }: Pick<Outlook, 'signal' | 'labels'>) =>
  WHAT[signal]?.(labels) ?? { ends: `${signal} at its limit`, is: signal };

/** "Out of memory in about 2 h (1 h 40 min to 2 h 30 min)". */
export function outlookTitle(outlook: Outlook, now: number): string {
  const { ends, is } = whatOf(outlook);
  const ahead = (at: string | null) => lengthWords(Math.max(0, Date.parse(at ?? '') - now));
  switch (outlook.state) {
    case 'reached':
      return `${ends} now`;
    case 'runsOut':
      return `${ends} in about ${ahead(outlook.exhaustsAt)} (${ahead(outlook.earliest)} to ${ahead(outlook.latest)})`;
    case 'unknown':
      return `Whether it lasts cannot be said yet: ${is.charAt(0).toLowerCase()}${is.slice(1)}`;
    case 'lasts':
      return `${is} lasts`;
  }
}

/** "Nothing runs out within 2 h: the fullest is Memory, 4 % of 64 MiB". Not empty. */
export function lastingWords(lasts: readonly Outlook[]): string {
  const fullest = lasts.reduce((a, b) => (b.value / b.limit > a.value / a.limit ? b : a));
  const share = Math.round((100 * fullest.value) / fullest.limit);
  const what = `${whatOf(fullest).is} is at ${share} % of ${valueWords(unitOf(fullest.signal), fullest.limit)}`;
  return lasts.length === 1 ? `It lasts: ${what}` : `${lasts.length} limits last; the nearest: ${what}`;
}

export interface RolledOut {
  readonly at: number;
  readonly words: string;
}

/** A rollout so long before a rise began is said with it. */
const BEFORE_MS = 45 * MINUTE;
const AFTER_MS = 10 * MINUTE;

/** What it stands on: how full it is, since when it rises and after what, over how much data, how sure. */
export function outlookGrounds(outlook: Outlook, rollouts: readonly RolledOut[], now: number, locale?: string): readonly string[] {
  const { signal, value, limit, since, because, knownSince, at, confidence, state } = outlook;
  const unit = unitOf(signal);
  const clock = (t: number) => clockWords(t, now, locale);
  const began = since === null ? undefined : Date.parse(since);
  const rollout = began === undefined ? undefined : rollouts.findLast((r) => r.at >= began - BEFORE_MS && r.at <= began + AFTER_MS);
  return [
    `${valueWords(unit, value)} of ${valueWords(unit, limit)} (${Math.round((100 * value) / limit)} %)`,
    ...(rollout !== undefined
      ? [`since the rollout at ${clock(rollout.at)} (${rollout.words})`]
      : began === undefined
        ? []
        : [`rising since ${clock(began)} at least`]),
    because,
    ...(knownSince === null || state === 'reached' ? [] : [`stands on ${lengthWords(Date.parse(at) - Date.parse(knownSince))} of data`]),
    ...(state === 'runsOut' ? [`sure to ${Math.round(confidence * 100)} %`] : []),
  ];
}

/** What an agent is told of as running out, as any other forecast. */
export const outlookOf = (r: RunningOut): Outlook => ({ ...r, state: 'runsOut', horizonSeconds: 0, knownSince: null });
