import type { IncidentWithPlans } from '../../contract/index.ts';
import { plansOf } from '../../core/rank-plans.ts';
import type { AskParts, Turn } from './turn.ts';

/** The incidents of these ids that are known, with their plans. */
export async function incidentsOf({ book, store }: AskParts, ids: readonly string[]): Promise<IncidentWithPlans[]> {
  const plans = await store.plans();
  const found = await Promise.all(ids.map(async (id) => book.open().find((i) => i.id === id) ?? (await store.incident(id))));
  return found.flatMap((i) => (i === undefined ? [] : [{ ...i, plans: plansOf(i.id, plans) }]));
}

/** The incidents that the question points at: by id, by a plan's id, or by what was said before. Undefined where it points at none. */
export async function incidentsSpokenOf(parts: AskParts, { begun }: Turn): Promise<IncidentWithPlans[] | undefined> {
  const { incident, plan, pointsBack, intent } = begun.understood;
  if (incident !== undefined) return incidentsOf(parts, [incident]);
  if (plan !== undefined) {
    const of = await parts.store.plan(plan);
    return of === undefined ? [] : incidentsOf(parts, [of.incidentId]);
  }
  const told = begun.before?.about.incidents ?? [];
  if (!pointsBack || told.length === 0) return undefined;
  // "And the other one?": the one that was told comes last.
  return incidentsOf(parts, intent === 'other' ? [...told.slice(1), ...told.slice(0, 1)] : told);
}
