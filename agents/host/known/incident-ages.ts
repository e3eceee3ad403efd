import type { Incident } from '../../contract/index.ts';
import { asOf } from '../../core/cluster-state.ts';
import type { IncidentBook } from '../incidents/incidents.ts';
import type { ClusterStates } from './cluster-states.ts';

/**
 * The incident with the moment it was last known to be so. One that the agents' latest reports still hold lasts for as long as its cluster
 * is watched, although nothing new is said of it; any other one is as old as it was recorded.
 */
export function asLastSeen(incident: Incident, book: IncidentBook, states: ClusterStates, now: number): Incident {
  if (incident.state !== 'open' || !book.work(incident.context).some((w) => w.incident.id === incident.id)) return incident;
  const at = asOf(states.get(incident.context), now);
  return at === undefined || at <= Date.parse(incident.lastSeen) ? incident : { ...incident, lastSeen: new Date(at).toISOString() };
}
