import type { ContextName, IncidentWithPlans, PastIncident } from '../../contract/index.ts';
import { type NamedRef, worstAbout } from './answering.ts';

/** What is over for longer is asked for as what was before. */
const LATELY_MS = 24 * 3_600_000;

/** The last time of each incident of a context that ended lately, newest first. */
export function endedLately(past: readonly PastIncident[], context: ContextName, now: number): readonly PastIncident[] {
  const last = new Map<string, PastIncident>();
  for (const time of past) if (time.context === context && now - Date.parse(time.resolvedAt) <= LATELY_MS) last.set(time.id, time);
  return [...last.values()].sort((a, b) => (a.resolvedAt < b.resolvedAt ? 1 : -1));
}

/** The newest of them that has to do with what was named: objects, or all of these namespaces. */
export function latestAbout(
  times: readonly PastIncident[],
  incidents: readonly IncidentWithPlans[],
  { refs, namespaces }: { readonly refs?: readonly NamedRef[]; readonly namespaces: readonly string[] },
): { readonly time: PastIncident; readonly incident: IncidentWithPlans } | undefined {
  const there = (incident: IncidentWithPlans) =>
    refs !== undefined ? worstAbout([incident], refs).length > 0 : namespaces.includes(incident.rootCause.resource.namespace ?? '');
  for (const time of times) {
    const incident = incidents.find((i) => i.id === time.id);
    if (incident?.state === 'resolved' && there(incident)) return { time, incident };
  }
  return undefined;
}
