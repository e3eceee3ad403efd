import { type Dismissal, type Incident, type Looks, type ResourceRef, SEVERITIES, refKey, refWords } from '../contract/index.ts';

/** Below this a message quotes logs, which say the same thing in other words every minute. */
const SURE = 0.7;
/** Objects that come and go by themselves: which of them suffers is no news. */
const FLEETING: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job', 'EndpointSlice']);

const lasting = (ref: ResourceRef) => (FLEETING.has(ref.kind) ? ref.kind : refWords(ref));
const sorted = (words: readonly string[]) => [...new Set(words)].sort();

/** What about an incident is worth hearing of again when it changes. Counts and times are not. */
export function looksOf(incident: Incident): Looks {
  const { severity, rootCause, symptoms, affects } = incident;
  return {
    severity,
    message: rootCause.confidence < SURE ? '' : rootCause.message.replaceAll(/\d+/g, '#'),
    symptoms: sorted(symptoms.map((s) => `${s.code} ${lasting(s.resource)}`)),
    affects: sorted(affects.filter((r) => !FLEETING.has(r.kind)).map(refWords)),
  };
}

/** What has changed, in words; undefined where nothing has. What got better or went away is no change. */
export function changeOf(before: Looks, now: Looks): string | undefined {
  if (SEVERITIES.indexOf(now.severity) > SEVERITIES.indexOf(before.severity))
    return `its severity is ${now.severity} now, it was ${before.severity}`;
  if (now.message !== before.message && now.message !== '' && before.message !== '') return 'its cause is another one now';
  const symptom = now.symptoms.find((s) => !before.symptoms.includes(s));
  if (symptom !== undefined) return `it has a new symptom: ${symptom}`;
  const affected = now.affects.find((a) => !before.affects.includes(a));
  return affected === undefined ? undefined : `it affects ${affected} now`;
}

/** Whether an incident is among what a person has accepted, its looks aside. */
export function covers(dismissal: Dismissal, incident: Incident): boolean {
  const { code, resource, field } = incident.rootCause;
  if (dismissal.context !== incident.context) return false;
  switch (dismissal.scope) {
    case 'incident':
      return dismissal.incident === incident.id || (dismissal.code === code && sameObject() && dismissal.field === field);
    case 'object':
      return sameObject();
    case 'code':
      return dismissal.code === code && dismissal.resource.namespace === resource.namespace;
  }
  function sameObject(): boolean {
    return refKey(dismissal.resource) === refKey(resource);
  }
}

export type Judged =
  /** Not covered, or come back before. */
  | { readonly type: 'heard' }
  | { readonly type: 'silent' }
  /** Silent, and its looks are to be remembered: it is seen for the first time. */
  | { readonly type: 'first'; readonly looks: Looks }
  | { readonly type: 'returned'; readonly because: string };

/** What a dismissal means for an incident at a moment (milliseconds since 1970). */
export function judgeDismissal(dismissal: Dismissal, incident: Incident, now: number): Judged {
  if (!covers(dismissal, incident)) return { type: 'heard' };
  if (isOver(dismissal, now)) return { type: 'returned', because: 'the time it was accepted for is over' };
  const before = dismissal.seen[incident.id];
  if (before === null) return { type: 'heard' };
  const looks = looksOf(incident);
  if (before === undefined) return { type: 'first', looks };
  const because = changeOf(before, looks);
  return because === undefined ? { type: 'silent' } : { type: 'returned', because };
}

export const isOver = ({ until }: Pick<Dismissal, 'until'>, now: number): boolean => until !== null && Date.parse(until) <= now;

export interface Applied {
  /** All of them; those that are accepted say so. */
  readonly incidents: readonly Incident[];
  /** Dismissals that have seen something new. */
  readonly changed: readonly Dismissal[];
  /** What is heard of again: one incident, or, where `incident` is absent, all that the dismissal covered. */
  readonly ended: readonly { readonly dismissal: Dismissal; readonly incident?: string; readonly because: string }[];
}

/** Marks the incidents that somebody has accepted, and says which of these come back. */
export function applyDismissals(dismissals: Iterable<Dismissal>, incidents: readonly Incident[], now: number): Applied {
  const changed = new Map<string, Dismissal>();
  const ended: { dismissal: Dismissal; incident?: string; because: string }[] = [];
  const live: Dismissal[] = [];
  for (const dismissal of dismissals)
    if (isOver(dismissal, now)) ended.push({ dismissal, because: 'the time it was accepted for is over' });
    else live.push(dismissal);
  const over = new Set<string>();
  const marked = incidents.map((incident): Incident => {
    const { dismissed: _before, ...bare } = incident;
    let standing: Dismissal | undefined;
    for (const given of live) {
      if (over.has(given.id)) continue;
      const dismissal = changed.get(given.id) ?? given;
      const judged = judgeDismissal(dismissal, incident, now);
      if (judged.type === 'heard') continue;
      if (judged.type !== 'returned') standing ??= dismissal;
      if (judged.type === 'first') changed.set(dismissal.id, { ...dismissal, seen: { ...dismissal.seen, [incident.id]: judged.looks } });
      else if (judged.type === 'returned' && dismissal.scope === 'incident') {
        over.add(dismissal.id);
        ended.push({ dismissal, because: judged.because });
      } else if (judged.type === 'returned') {
        changed.set(dismissal.id, { ...dismissal, seen: { ...dismissal.seen, [incident.id]: null } });
        ended.push({ dismissal, incident: incident.id, because: judged.because });
      }
    }
    if (standing === undefined) return bare;
    const { id, scope, reason, by, at, until } = standing;
    return { ...bare, dismissed: { id, scope, reason, by, at, until } };
  });
  return { incidents: marked, changed: [...changed.values()].filter((d) => !over.has(d.id)), ended };
}
