import { type ContextName, type Finding, type HostEvent, type Incident, fingerprint, refKey } from '../../contract/index.ts';

/** A fault that comes and goes (a crash between two starts, a log that must be read anew after each) is gone once it stayed away so long. */
export const STAYS_AWAY_MS = 10_000;

/** What of an incident is news where it differs; counters and times in evidence alone are none. */
const gist = ({ title, severity, rootCause, advice, dismissed, maintenance }: Incident): string =>
  JSON.stringify([title, severity, rootCause, advice, dismissed?.id, maintenance?.id]);

/** What suffers from it, and how. */
const suffering = ({ symptoms, affects }: Incident): ReadonlySet<string> =>
  new Set([...symptoms.map((s) => `${s.code}|${refKey(s.resource)}`), ...affects.map(refKey)]);

/** Whether it must be announced again. That less suffers from it is news once that stays so. */
function news(told: Incident | undefined, incident: Incident): 'now' | 'later' | 'none' {
  if (told === undefined || gist(told) !== gist(incident)) return 'now';
  const [before, now] = [suffering(told), suffering(incident)];
  if ([...now].some((key) => !before.has(key))) return 'now';
  return before.size > now.size ? 'later' : 'none';
}

/** What of one cluster was said in the log, so that only news is said. Times are milliseconds since the epoch; `againMs`: look again after. */
export class IncidentTelling {
  readonly #raised = new Map<string, Finding>();
  /** When findings that were raised and are not seen now were first missed. */
  readonly #missed = new Map<string, number>();
  /** Incidents as they were announced last. */
  readonly #told = new Map<string, Incident>();
  /** Since when less suffers from an incident than was told. */
  readonly #eased = new Map<string, number>();

  /** It was announced in an earlier run. */
  knows(incident: Incident): void {
    this.#told.set(incident.id, incident);
  }

  /** It is over. */
  forgets(id: string): void {
    this.#told.delete(id);
    this.#eased.delete(id);
  }

  /** Whether an incident is announced now; it is taken for announced then. */
  of(incident: Incident, now: number): { readonly isNews: boolean; readonly againMs: number | undefined } {
    const { id } = incident;
    const differs = news(this.#told.get(id), incident);
    const againMs = differs === 'later' ? this.#left(this.#eased, id, now) : undefined;
    if (againMs !== undefined) return { isNews: false, againMs };
    this.#eased.delete(id);
    if (differs !== 'none') this.#told.set(id, incident);
    return { isNews: differs !== 'none', againMs };
  }

  /** Findings that are new, and those that have stayed away. */
  ofFindings(
    context: ContextName,
    findings: readonly Finding[],
    now: number,
  ): { readonly events: HostEvent[]; readonly againMs: number | undefined } {
    const events: HostEvent[] = [];
    const seen = new Map(findings.map((f) => [fingerprint(f), f]));
    for (const [key, finding] of seen) {
      if (!this.#raised.has(key)) events.push({ type: 'finding.raised', agent: finding.source, context, finding });
      this.#raised.set(key, finding);
      this.#missed.delete(key);
    }
    let againMs: number | undefined;
    for (const [key, finding] of this.#raised) {
      if (seen.has(key)) continue;
      const left = this.#left(this.#missed, key, now);
      if (left !== undefined) {
        againMs = Math.min(againMs ?? left, left);
        continue;
      }
      events.push({ type: 'finding.cleared', agent: finding.source, context, fingerprint: key });
      this.#raised.delete(key);
      this.#missed.delete(key);
    }
    return { events, againMs };
  }

  /** How long it has yet to stay away; undefined where it has long enough. */
  #left(since: Map<string, number>, key: string, now: number): number | undefined {
    const begun = since.get(key) ?? now;
    since.set(key, begun);
    const left = begun + STAYS_AWAY_MS - now;
    return left > 0 ? left : undefined;
  }
}
