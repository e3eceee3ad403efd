import type { Change, IncidentWithPlans, ResourceRef } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';

/** What happened in the time of a chart, beside what was measured. Pure. */

export interface Mark {
  readonly at: number;
  readonly tone: 'change' | 'incident';
  /** On the chart. */
  readonly words: string;
  /** In the list below. */
  readonly title: string;
  readonly href: string | undefined;
}

const MOST_LETTERS = 28;
const short = (text: string): string => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text);
const rolledOut = ({ fields }: Change): boolean => fields.some((f) => f.path.startsWith('spec.template'));

export function marksOfChanges(changes: readonly Change[]): readonly Mark[] {
  return changes.map((change) => {
    const words =
      change.revision !== undefined && (rolledOut(change) || change.type === 'created')
        ? `revision ${change.revision}`
        : change.type === 'changed'
          ? short(change.fields[0]?.words ?? change.summary)
          : change.type;
    return { at: Date.parse(change.at), tone: 'change', words, title: change.summary, href: undefined };
  });
}

type Named = Pick<ResourceRef, 'kind' | 'name'> & { readonly namespace?: string | undefined };
const isOne = (of: Named, one: Named): boolean => of.kind === one.kind && of.name === one.name && of.namespace === one.namespace;

/** Incidents that have to do with one of these objects. */
export function marksOfIncidents(incidents: readonly IncidentWithPlans[], context: string, objects: readonly Named[]): readonly Mark[] {
  return incidents
    .filter((i) => i.context === context)
    .filter(({ rootCause, symptoms, affects }) =>
      [rootCause.resource, ...symptoms.map((s) => s.resource), ...affects].some((of) => objects.some((one) => isOne(of, one))),
    )
    .map((i) => ({
      at: Date.parse(i.firstSeen),
      tone: 'incident',
      words: short(`incident: ${i.rootCause.code}`),
      title: i.title,
      href: linkTo('incidents', i.id),
    }));
}

/** In a time, oldest first; of those that say the same at the same moment one. */
export function marksWithin(marks: readonly Mark[], from: number, to: number): readonly Mark[] {
  const seen = new Set<string>();
  return marks
    .filter(({ at }) => at >= from && at <= to)
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at, title }) => {
      const key = `${Math.round(at / 1000)} ${title}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
}
