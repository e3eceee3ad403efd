import type { Envelope, Incident, PastIncident } from '../contract/index.ts';

interface Open {
  incident: Incident;
  readonly opened: number;
  readonly openedAt: string;
  readonly plans: PastIncident['plans'];
}

/** One time, over. A plan that settles after that (it is verified a while longer) still belongs to it. */
type Told = PastIncident;

/**
 * The times that incidents were there, told from the log entry by entry. An incident has the same id each time the same fault comes, so
 * what the store knows of it is only the last time.
 */
export class Episodes {
  readonly #open = new Map<string, Open>();
  readonly #over: Told[] = [];
  /** The last time of each incident that is over. */
  readonly #last = new Map<string, Told>();
  readonly #plans = new Map<string, { readonly incident: string; readonly remedy: string; readonly title: string }>();

  /** Oldest first. */
  over(): readonly PastIncident[] {
    return this.#over;
  }

  take({ seq, at, event }: Envelope): void {
    switch (event.type) {
      case 'incident.opened':
        this.#open.set(event.incident.id, { incident: event.incident, opened: seq, openedAt: at, plans: [] });
        return;
      case 'incident.updated': {
        const open = this.#open.get(event.incident.id);
        // Of one whose beginning was removed from the log the oldest word that is left is the beginning.
        if (open === undefined) this.#open.set(event.incident.id, { incident: event.incident, opened: seq, openedAt: at, plans: [] });
        else open.incident = event.incident;
        return;
      }
      case 'incident.resolved': {
        const open = this.#open.get(event.incident);
        this.#open.delete(event.incident);
        if (open === undefined) return;
        const told = toldOf(open, seq, at);
        this.#over.push(told);
        this.#last.set(event.incident, told);
        return;
      }
      case 'plan.proposed': {
        const { id, incidentId, remedy, title } = event.plan;
        this.#plans.set(id, { incident: incidentId, remedy, title });
        return;
      }
      case 'plan.abandoned':
      case 'plan.expired':
        this.#plans.delete(event.plan);
        return;
      case 'plan.settled': {
        const plan = this.#plans.get(event.plan);
        this.#plans.delete(event.plan);
        if (plan === undefined || event.state === 'rejected') return;
        const time = this.#open.get(plan.incident) ?? this.#last.get(plan.incident);
        const { remedy, title } = plan;
        time?.plans.push({ plan: event.plan, remedy, title, state: event.state, because: event.because, settled: seq });
        return;
      }
      default:
    }
  }
}

function toldOf({ incident, opened, openedAt, plans }: Open, resolved: number, resolvedAt: string): Told {
  const { id, context, title, severity, rootCause, symptoms } = incident;
  return {
    id,
    context,
    title,
    severity,
    code: rootCause.code,
    resource: rootCause.resource,
    ...(rootCause.field === undefined ? {} : { field: rootCause.field }),
    message: rootCause.message,
    symptoms: symptoms.map((s) => s.code),
    openedAt,
    resolvedAt,
    opened,
    resolved,
    plans,
  };
}
