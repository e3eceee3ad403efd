import { type Incident, type ResourceRef, refKey } from '../../contract/index.ts';

/** A program that waits for its next start is not well for a while after its cause is gone: that is no fault of its own. */
const LINGER_MS = 90_000;
/** Causes show a little later than what suffers from them: a symptom that nothing explains waits so long for its cause. */
const AWAIT_CAUSE_MS = 10_000;
/** Less sure than this a finding says that something is wrong, not what. */
const SURE = 0.7;

const about = ({ code, resource }: { readonly code: string; readonly resource: ResourceRef }) => `${code}|${refKey(resource)}`;

/** What is left of a list of incidents, and how long from now the rest wants to be looked at again; undefined where there is none. */
export interface Kept {
  readonly incidents: readonly Incident[];
  readonly againMs: number | undefined;
}

/** Which incidents of one cluster are not worth a word yet, or no longer. Times are milliseconds since the epoch. */
export class IncidentPatience {
  /** When a symptom that nothing explains was first seen, by incident. */
  readonly #unexplained = new Map<string, number>();
  /** When each finding, by code and object, was last the symptom of something. */
  readonly #explained = new Map<string, number>();
  /** When each object last suffered from a cause. */
  readonly #suffered = new Map<string, number>();

  /**
   * Leaves out what is only the aftermath of a cause that has gone, and says nothing of its own: it was a symptom a moment ago, or is about
   * an object that suffered from one.
   */
  withoutAftermath(folded: readonly Incident[], isOpen: (id: string) => boolean, now: number): Kept {
    for (const known of [this.#explained, this.#suffered]) for (const [key, at] of known) if (now - at >= LINGER_MS) known.delete(key);
    // Beside a cause that is still there, what it does not explain is something else.
    const suffersNow = new Set(folded.flatMap((i) => i.affects.map(refKey)));
    const suffered = (key: string) => this.#suffered.has(key) && !suffersNow.has(key);
    const lingers = ({ id, rootCause }: Incident) =>
      rootCause.confidence < SURE && !isOpen(id) && (this.#explained.has(about(rootCause)) || suffered(refKey(rootCause.resource)));
    const incidents = folded.filter((incident) => !lingers(incident));
    for (const { symptoms } of incidents) for (const symptom of symptoms) this.#explained.set(about(symptom), now);
    for (const key of suffersNow) this.#suffered.set(key, now);
    return { incidents, againMs: incidents.length < folded.length ? LINGER_MS : undefined };
  }

  /** Leaves out symptoms that nothing explains until their cause has had its time to show. */
  due(folded: readonly Incident[], isSymptom: (id: string) => boolean, isOpen: (id: string) => boolean, now: number): Kept {
    const ids = new Set(folded.map((i) => i.id));
    for (const id of this.#unexplained.keys()) if (!ids.has(id)) this.#unexplained.delete(id);
    const incidents = folded.filter(({ id }) => {
      if (!isSymptom(id) || isOpen(id)) return true;
      const since = this.#unexplained.get(id) ?? now;
      this.#unexplained.set(id, since);
      return now - since >= AWAIT_CAUSE_MS;
    });
    return { incidents, againMs: incidents.length < folded.length ? AWAIT_CAUSE_MS : undefined };
  }
}
