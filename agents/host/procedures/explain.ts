import type { Explanation } from '../../contract/index.ts';
import { explain } from '../../core/questions/explain.ts';
import type { AppParts } from '../app-parts.ts';
import { found, must, os } from './os.ts';

/** Incidents in words, by a model that is held to the facts, or by a template. */
export function explainProcedures({ store, inference }: Pick<AppParts, 'store' | 'inference'>) {
  return {
    explain: {
      incident: os.explain.incident.handler(async ({ input, errors, signal }): Promise<Explanation> => {
        const incident = found(await store.incident(input.id), `incident ${input.id}`, errors);
        const plans = (await store.plans()).filter((plan) => plan.incidentId === incident.id);
        const asked = explain(incident, plans, input.for);
        const { value, by, refused, tookMs } = must(
          await inference.ask(asked, { priority: 'person', ...(signal === undefined ? {} : { signal }) }),
          errors,
        );
        return { incident: incident.id, for: input.for, text: value, by, refused, tookMs };
      }),
    },
  };
}
