import type { HostEvent } from '../../agents/contract/index.ts';
import { localTimes } from '../state/cluster-words.ts';

/** Entries whose sentence has a time of the host's own; in others a time is text of the cluster, which stays as it is. */
const TIMED: ReadonlySet<HostEvent['type']> = new Set<HostEvent['type']>([
  'approval.requested',
  'cluster.wentStale',
  'incident.dismissed',
  'maintenance.added',
]);

/** The sentence with its time as the reader's clock says it. */
export function inLocalTime(type: HostEvent['type'], words: string): string {
  return TIMED.has(type) ? localTimes(words, Date.now()) : words;
}
