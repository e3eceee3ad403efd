import type { Change, Envelope, HostEvent, IncidentWithPlans } from '../../agents/contract/index.ts';
import { refKey } from '../../agents/contract/refs.ts';
import { type Called, storyOf } from '../../agents/contract/story.ts';

/** What happened around an incident, in order: changes in the cluster, what its evidence dates, and what the log tells of it. Pure. */

export interface Moment {
  readonly at: string;
  readonly kind: 'change' | 'evidence' | 'log' | 'seen';
  readonly words: string;
  /** Who, where that is known. */
  readonly by: string | undefined;
  /** Of a change to the very object the incident has its cause in. */
  readonly near: boolean;
}

/** The entry of the log is about this incident, or one of its plans. */
export function isAbout(event: HostEvent, incident: string, plans: ReadonlySet<string>): boolean {
  if ('incident' in event && event.incident !== undefined)
    return (typeof event.incident === 'string' ? event.incident : event.incident.id) === incident;
  if ('plan' in event) return typeof event.plan === 'string' ? plans.has(event.plan) : event.plan.incidentId === incident;
  return false;
}

/** Newest first. Entries of the log that only say again what was said (`incident.updated`) are left out. */
export function momentsOf(
  incident: IncidentWithPlans,
  changes: readonly Change[],
  feed: readonly Envelope[],
  called?: Called,
): readonly Moment[] {
  const cause = refKey(incident.rootCause.resource);
  const involved = new Set(
    [incident.rootCause, ...incident.symptoms, ...incident.evidence].map((of) => refKey(of.resource)).concat(incident.affects.map(refKey)),
  );
  const plans = new Set(incident.plans.map((p) => p.id));
  const moments: Moment[] = [
    { at: incident.firstSeen, kind: 'seen', words: 'First seen by Quarterdeck', by: undefined, near: false },
    ...changes
      .filter((c) => involved.has(refKey(c.resource)))
      .map((c): Moment => ({ at: c.at, kind: 'change', words: c.summary, by: c.by?.manager, near: refKey(c.resource) === cause })),
    ...incident.evidence.flatMap((e): Moment[] =>
      e.at === undefined || e.kind === 'change' ? [] : [{ at: e.at, kind: 'evidence', words: e.text, by: e.source, near: false }],
    ),
    ...feed
      .filter(({ event }) => event.type !== 'incident.updated' && isAbout(event, incident.id, plans))
      .map(({ at, event }): Moment => ({ at, kind: 'log', words: storyOf(event, called), by: undefined, near: false })),
  ];
  return moments.sort((a, b) => b.at.localeCompare(a.at));
}
