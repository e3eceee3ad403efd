import type { ContextName, Dismissal, HostEvent, Incident } from '../../contract/index.ts';
import { applyDismissals } from '../../core/dismissal.ts';
import type { Clock } from '../ports/runtime.ts';

/** What people accepted, as it is now. */
export interface DismissalRows {
  readonly put: readonly Dismissal[];
  /** Over, by id. */
  readonly ended: readonly string[];
}

export const NO_ROWS: DismissalRows = { put: [], ended: [] };
/** An end further away than this is looked at again then: timers do not reach for months. */
const FAR_MS = 3_600_000;

export interface Silenced {
  readonly incidents: readonly Incident[];
  readonly events: readonly HostEvent[];
  readonly rows: DismissalRows;
}

/** The incidents that people have accepted, and until when. */
export class DismissalBook {
  readonly #clock: Clock;
  readonly #over: (context: ContextName) => void;
  readonly #dismissals = new Map<string, Dismissal>();
  #ending: (() => void) | undefined;

  /** `over` is called for each context in which a dismissal has come to its end. */
  constructor(clock: Clock, known: readonly Dismissal[], over: (context: ContextName) => void) {
    this.#clock = clock;
    this.#over = over;
    for (const dismissal of known) this.#dismissals.set(dismissal.id, dismissal);
    this.#awaitEnds();
  }

  /** Oldest first. */
  all(): readonly Dismissal[] {
    return [...this.#dismissals.values()];
  }

  add(dismissal: Dismissal): void {
    this.#dismissals.set(dismissal.id, dismissal);
    this.#awaitEnds();
  }

  /** False where there was none. */
  remove(id: string): boolean {
    return this.#dismissals.delete(id);
  }

  /** Marks what is accepted, and ends what is over. */
  silence(context: ContextName, folded: readonly Incident[]): Silenced {
    const mine = this.all().filter((d) => d.context === context);
    if (mine.length === 0) return { incidents: folded, events: [], rows: NO_ROWS };
    const { incidents, changed, ended } = applyDismissals(mine, folded, this.#clock.now());
    const over = ended.filter((e) => e.incident === undefined).map((e) => e.dismissal.id);
    for (const dismissal of changed) this.#dismissals.set(dismissal.id, dismissal);
    for (const id of over) this.#dismissals.delete(id);
    const events = ended.map(({ dismissal, incident, because }): HostEvent => {
      return { type: 'dismissal.ended', context, dismissal: dismissal.id, ...(incident === undefined ? {} : { incident }), because };
    });
    return { incidents, events, rows: { put: changed, ended: over } };
  }

  close(): void {
    this.#ending?.();
  }

  /** Wakes when the next dismissal is over. */
  #awaitEnds(): void {
    this.#ending?.();
    this.#ending = undefined;
    const ends = this.all().flatMap((d) => (d.until === null ? [] : [Date.parse(d.until)]));
    if (ends.length === 0) return;
    const wait = Math.min(Math.max(0, Math.min(...ends) - this.#clock.now()), FAR_MS);
    this.#ending = this.#clock.after(wait, () => {
      const now = this.#clock.now();
      const ended = this.all().filter((d) => d.until !== null && Date.parse(d.until) <= now);
      for (const context of new Set(ended.map((d) => d.context))) this.#over(context);
      this.#awaitEnds();
    });
  }
}
