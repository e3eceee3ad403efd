import { type IncidentWithPlans, type ResourceRef, SEVERITIES, refKey } from '../../contract/index.ts';
import type { Reading } from './reading.ts';
import { isOfTopic } from './scope.ts';

/** An object as far as a question can name it. */
export type NamedRef = Pick<ResourceRef, 'kind' | 'namespace' | 'name'>;

/** Whom a question is for, and the codes of what it finds where it deals with something of its own. */
export interface Whose {
  readonly agent: string;
  readonly codes: ReadonlySet<string> | undefined;
}

/** Of what was found what answers the question: whoever asks for something of a kind is not told of another, unless it is in what was named. */
export const ofKindAsked = (
  incidents: readonly IncidentWithPlans[],
  { scope, isNamed }: Reading,
  { agent, codes }: Whose,
): readonly IncidentWithPlans[] =>
  scope === 'seen' && isNamed
    ? incidents
    : incidents.filter(
        ({ rootCause: { code }, title }) => codes?.has(code) === true || (scope === 'seen' && isOfTopic(agent, `${code} ${title}`)),
      );

/** Those that have to do with what was named, the worst first; of all where nothing was. */
export const worstAbout = (incidents: readonly IncidentWithPlans[], refs: readonly NamedRef[] | undefined): IncidentWithPlans[] =>
  incidents
    .filter((i) => refs === undefined || concerns(i, refs))
    .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.id.localeCompare(b.id));

/** Whether an incident has to do with any of these objects, or with pods that they made. */
function concerns(incident: IncidentWithPlans, refs: readonly NamedRef[]): boolean {
  const all = [incident.rootCause.resource, ...incident.symptoms.map((s) => s.resource), ...incident.affects];
  const keys = new Set(all.map(refKey));
  return refs.some(
    (ref) =>
      keys.has(refKey({ apiVersion: '', ...ref })) ||
      all.some((r) => r.namespace === ref.namespace && (r.name === ref.name || (r.kind === 'Pod' && r.name.startsWith(`${ref.name}-`)))),
  );
}
