import type { Envelope, IncidentWithPlans } from '../../contract/index.ts';
import { choose } from '../../core/questions/choose.ts';
import { namesOf } from '../../core/questions/explain.ts';
import { equalsInFront, plansOf } from '../../core/rank-plans.ts';
import type { Inference } from '../inference/inference.ts';
import type { Log } from '../ports/runtime.ts';
import type { ReadableStore } from '../ports/store.ts';
import type { Road } from '../road/road.ts';

interface Parts {
  readonly store: Pick<ReadableStore, 'plan' | 'plans' | 'incident'>;
  readonly road: Pick<Road, 'order'>;
  readonly inference: Pick<Inference, 'ask' | 'hasModelFor'>;
  readonly log: Log;
}

/**
 * Where several plans for an incident are as good as each other, a model may say which it would look at first. Without one the order in
 * which they were proposed stands. Each such set is asked about once.
 */
export class RemedyOrder {
  readonly #parts: Parts;
  readonly #asked = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks as plans begin to wait. Ends with the stream. */
  async follow(entries: AsyncIterable<Envelope>): Promise<void> {
    for await (const { event } of entries) {
      if (event.type !== 'approval.requested') continue;
      try {
        await this.#consider(event.plan);
      } catch (error) {
        this.#parts.log('error', `plans were not put in an order: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #consider(plan: string): Promise<void> {
    const { store, inference } = this.#parts;
    const incidentId = (await store.plan(plan))?.incidentId;
    if (incidentId === undefined || !(await inference.hasModelFor('rankRemedies'))) return;
    const plans = plansOf(incidentId, await store.plans());
    const equals = equalsInFront(plans).filter((p) => p.state === 'awaitingApproval');
    const set = equals
      .map((p) => p.id)
      .sort()
      .join(' ');
    const incident = await store.incident(incidentId);
    if (equals.length < 2 || incident === undefined || this.#asked.has(set)) return;
    this.#asked.add(set);
    await this.#ask({ ...incident, plans: equals });
  }

  async #ask({ plans, ...incident }: IncidentWithPlans): Promise<void> {
    const { inference, road } = this.#parts;
    const asked = choose({
      id: 'rankRemedies',
      about: incident.id,
      situation: [incident.title, incident.rootCause.message, ...incident.symptoms.slice(0, 3).map((s) => s.message)].join('\n'),
      options: plans.map((p) => ({ id: p.id, text: `${p.title}. ${p.because}` })),
      most: plans.length,
      names: namesOf(incident),
    });
    const answered = await inference.ask(asked, { priority: 'agent' });
    if (answered.ok && answered.value.by !== null) await road.order(incident.context, answered.value.value, answered.value.by.model);
  }
}
