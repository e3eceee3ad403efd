import type { Incident, IncidentWithPlans } from '../../contract/index.ts';
import { plansOf } from '../../core/rank-plans.ts';
import type { AppParts } from '../app-parts.ts';
import { asLastSeen } from '../known/incident-ages.ts';
import { likenessOf } from '../incidents/likeness.ts';
import { found, must, os } from './os.ts';

export function incidentProcedures({
  ports,
  store,
  book,
  orchestrator,
  autonomy,
}: Pick<AppParts, 'ports' | 'store' | 'book' | 'orchestrator' | 'autonomy'>) {
  const withPlans = async (incidents: readonly Incident[]): Promise<IncidentWithPlans[]> => {
    const plans = await store.plans();
    return incidents.map((incident) => ({ ...incident, plans: plansOf(incident.id, plans) }));
  };
  return {
    incidents: {
      list: os.incidents.list.handler(async ({ input }) => {
        const stored = await store.incidents(input.state === 'dismissed' ? 'open' : input.state);
        const live = new Set(book.open().map((i) => i.id));
        const open = book.open().map((i) => asLastSeen(i, book, orchestrator.states, ports.clock.now()));
        const all = input.state === 'resolved' ? stored : [...open, ...stored.filter((i) => !live.has(i.id))];
        const wanted = all.filter(
          (i) =>
            (input.context === undefined || i.context === input.context) &&
            (input.state === 'open' ? i.dismissed === undefined : input.state !== 'dismissed' || i.dismissed !== undefined),
        );
        return { incidents: await withPlans(wanted) };
      }),
      similar: os.incidents.similar.handler(async ({ input, errors }) => {
        const known = book.open().find((i) => i.id === input.id) ?? (await store.incident(input.id));
        const incident = found(known, `incident ${input.id}`, errors);
        const asked = { ...likenessOf(incident), top: input.top };
        return must(await orchestrator.consultations.ask('a person', null, 'documentation.similarIncidents', asked), errors);
      }),
      get: os.incidents.get.handler(async ({ input, errors }) => {
        const incident = found(
          book.open().find((i) => i.id === input.id) ?? (await store.incident(input.id)),
          `incident ${input.id}`,
          errors,
        );
        const seen = asLastSeen(incident, book, orchestrator.states, ports.clock.now());
        const plans = plansOf(incident.id, await store.plans());
        return { ...seen, plans: await Promise.all(plans.map((plan) => autonomy.shown(plan))) };
      }),
    },
  };
}
