import type { Envelope, HostEvent } from '../../contract/index.ts';

const incidentOf = (event: HostEvent): string | undefined => {
  switch (event.type) {
    case 'incident.opened':
    case 'incident.updated':
      return event.incident.id;
    case 'incident.resolved':
    case 'incident.dismissed':
    case 'dismissal.ended':
      return event.incident;
    case 'plan.proposed':
    case 'plan.refused':
      return event.plan.incidentId;
    default:
      return undefined;
  }
};

/**
 * Takes the log in, oldest first, and keeps what concerns one incident: what is said of it, of its plans and of their actions. An
 * incident that opens again begins anew, for the same fault has the same id each time.
 */
export class EntriesOfIncident {
  readonly #id: string;
  readonly #plans = new Set<string>();
  #entries: Envelope[] = [];

  constructor(id: string) {
    this.#id = id;
  }

  take(envelope: Envelope): void {
    const { event } = envelope;
    const own = incidentOf(event) === this.#id;
    if (own && event.type === 'incident.opened') {
      this.#entries = [];
      this.#plans.clear();
    }
    if (own && (event.type === 'plan.proposed' || event.type === 'plan.refused')) this.#plans.add(event.plan.id);
    if (own || ('plan' in event && typeof event.plan === 'string' && this.#plans.has(event.plan))) this.#entries.push(envelope);
  }

  get entries(): readonly Envelope[] {
    return this.#entries;
  }
}
