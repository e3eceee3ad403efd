import type {
  Change,
  ContextName,
  Dismissal,
  Finding,
  HostEvent,
  InMaintenance,
  Incident,
  Incomplete,
  PlanDraft,
  Report,
  ResourceRef,
} from '../../contract/index.ts';
import { fingerprint, refKey } from '../../contract/index.ts';
import { foldIncidents } from '../../core/incident.ts';
import { isInformation } from '../../core/information.ts';
import { DismissalBook, type DismissalRows, NO_ROWS } from './dismissal-book.ts';
import { IncidentPatience, type Kept } from './patience.ts';
import { IncidentTelling, STAYS_AWAY_MS } from './telling.ts';
import type { Clock } from '../ports/runtime.ts';

/**
 * The reports of all agents about all clusters, and the incidents that follow. What is news becomes events: a finding raised or
 * cleared, an incident opened, changed, resolved. A fault that comes and goes (a crash between two starts, a log that must be read anew
 * after each) is one: its finding is cleared and its incident resolved only after it stayed away for `STAYS_AWAY_MS`.
 */

/** A report with open wishes is held this long for the facts to arrive, so that a symptom is not announced as the cause. */
export const HOLD_UNSETTLED_MS = 1_000;

/** A root cause with what may be done about it. */
export interface IncidentWork {
  readonly incident: Incident;
  readonly finding: Finding;
  readonly agent: string;
  readonly drafts: readonly PlanDraft[];
}

/** How an agent came to its report. */
export interface Look {
  readonly checks: number;
  readonly probes: Readonly<Record<string, number>>;
}

interface ContextState {
  readonly reports: Map<string, Report>;
  /** How each agent looked last, until that was told; `first`: it has never said anything of this context. */
  readonly looks: Map<string, Look & { readonly first: boolean }>;
  /** What was said of it in the log. */
  readonly telling: IncidentTelling;
  /** Open incidents as they are now. */
  readonly open: Map<string, Incident>;
  readonly leaving: Map<string, () => void>;
  readonly patience: IncidentPatience;
  /** The next times at which what was left out is looked at again, by how long that takes. */
  readonly again: Map<number, () => void>;
  /** What changed lately, newest last. */
  changes: readonly Change[];
  held: (() => void) | undefined;
  work: readonly IncidentWork[];
}

/** The maintenance that something is found in now. */
export type MaintenanceLook = (context: ContextName, resource: ResourceRef, affects: readonly ResourceRef[]) => InMaintenance | undefined;

export interface IncidentSink {
  /** Events that belong together, with the incidents as they now are. */
  record(events: readonly HostEvent[], incidents: readonly Incident[], dismissals: DismissalRows): Promise<void>;
  /** What could not be recorded, where nobody waits for it. */
  refused(error: unknown): void;
  /** An incident is over: what was proposed for it is void. */
  resolved(incident: string, because: string): void;
  /** The open incidents of a context and what could be done have changed. */
  changed(context: ContextName): void;
}

/** What the agents thought that have news, or speak of a context for the first time; each look is told once. */
function looked(context: ContextName, state: ContextState, said: readonly HostEvent[]): HostEvent[] {
  return [...state.looks].flatMap(([agent, { first, checks, probes }]): HostEvent[] => {
    const report = state.reports.get(agent);
    const count = (type: HostEvent['type']) => said.filter((e) => e.type === type && 'agent' in e && e.agent === agent).length;
    const [raised, cleared] = [count('finding.raised'), count('finding.cleared')];
    // An agent without checks looks at nothing.
    if (report === undefined || checks === 0 || (raised + cleared === 0 && !(first && report.settled))) return [];
    state.looks.delete(agent);
    const { objects, tookMs } = report;
    return [{ type: 'agent.looked', agent, context, objects, checks, probes, raised, cleared, tookMs: Math.round(tookMs) }];
  });
}

/** Of each context, for the evidence of incidents; all of them are in the store. */
const MOST_CHANGES = 500;
export class IncidentBook {
  readonly #clock: Clock;
  readonly #sink: IncidentSink;
  readonly #contexts = new Map<ContextName, ContextState>();
  readonly #dismissals: DismissalBook;
  readonly #maintenance: MaintenanceLook;
  #closed = false;

  constructor(
    clock: Clock,
    sink: IncidentSink,
    known: readonly Incident[] = [],
    dismissals: readonly Dismissal[] = [],
    maintenance: MaintenanceLook = () => undefined,
  ) {
    this.#clock = clock;
    this.#sink = sink;
    this.#maintenance = maintenance;
    this.#dismissals = new DismissalBook(clock, dismissals, (context) => this.#again(context));
    for (const incident of known) {
      const { open, telling } = this.#state(incident.context);
      open.set(incident.id, incident);
      telling.knows(incident);
    }
  }

  /** Takes in one agent's report. Unsettled ones wait a moment for their facts. */
  take(agent: string, report: Report, look?: Look): void {
    if (this.#closed) return;
    const state = this.#state(report.context);
    const first = !state.reports.has(agent) || state.looks.get(agent)?.first === true;
    state.reports.set(agent, report);
    if (look !== undefined) state.looks.set(agent, { ...look, first });
    if (report.settled) {
      state.held?.();
      state.held = undefined;
      this.#fold(report.context, state);
      return;
    }
    state.held ??= this.#clock.after(HOLD_UNSETTLED_MS, () => {
      state.held = undefined;
      this.#fold(report.context, state);
    });
  }

  /** Takes in what changed in a cluster: it may tell why something broke. */
  learn(context: ContextName, changes: readonly Change[]): void {
    if (this.#closed) return;
    const state = this.#state(context);
    const known = new Map([...state.changes, ...changes].map((change) => [change.id, change]));
    state.changes = [...known.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-MOST_CHANGES);
    if (state.open.size > 0 && state.held === undefined && state.reports.size > 0) this.#fold(context, state);
  }

  /** What is accepted, oldest first. */
  dismissals(): readonly Dismissal[] {
    return this.#dismissals.all();
  }

  /** Silences what a person has accepted, from now on. */
  async dismiss(dismissal: Dismissal): Promise<void> {
    this.#dismissals.add(dismissal);
    const { context, incident } = dismissal;
    await this.#sink.record([{ type: 'incident.dismissed', context, incident, dismissal }], [], { put: [dismissal], ended: [] });
    this.#again(context);
  }

  /** Lets what was accepted be heard of again. */
  async takeBack(dismissal: Dismissal, by: string): Promise<void> {
    if (!this.#dismissals.remove(dismissal.id)) return;
    const { context, id } = dismissal;
    const because = 'it was taken back';
    await this.#sink.record([{ type: 'dismissal.ended', context, dismissal: id, because, by }], [], { put: [], ended: [id] });
    this.#again(context);
  }

  /** Somebody began or ended to work there: what is open is marked anew. */
  maintenanceTurned(context: ContextName): void {
    this.#again(context);
  }

  /** Forgets an agent's findings (given up): what it said is not known any more. */
  forgetAgent(agent: string): void {
    for (const state of this.#contexts.values()) state.reports.delete(agent);
  }

  /** Everything that is wrong in a context now, with what may be done, from the latest reports. */
  work(context: ContextName): readonly IncidentWork[] {
    return this.#contexts.get(context)?.work ?? [];
  }

  reports(context: ContextName): readonly Report[] {
    return [...(this.#contexts.get(context)?.reports.values() ?? [])];
  }

  open(): readonly Incident[] {
    return [...this.#contexts.values()].flatMap((s) => [...s.open.values()]);
  }

  incomplete(context: ContextName): readonly Incomplete[] {
    const all = this.reports(context).flatMap((r) => r.incomplete);
    return all.filter((x, i) => all.findIndex((y) => y.what === x.what && y.because === x.because) === i);
  }

  /** All objects that depend on, or are made by, the given ones, as far as the reports say: for "diagnose KIND/NAME". */
  kin(context: ContextName, refs: readonly ResourceRef[]): ReadonlySet<string> {
    const relations = this.reports(context).flatMap((r) => r.relations);
    const seen = new Set(refs.map(refKey));
    for (let grew = true; grew;) {
      grew = false;
      for (const { from, to, type } of relations) {
        if (type === 'ownedBy' && seen.has(refKey(from)) && !seen.has(refKey(to))) {
          seen.add(refKey(to));
          grew = true;
        }
      }
    }
    return seen;
  }

  /** Nothing is recorded any more, whatever is reported yet. */
  close(): void {
    this.#closed = true;
    this.#dismissals.close();
    for (const state of this.#contexts.values()) {
      state.held?.();
      for (const cancel of state.again.values()) cancel();
      for (const cancel of state.leaving.values()) cancel();
    }
  }

  #state(context: ContextName): ContextState {
    let state = this.#contexts.get(context);
    if (state === undefined)
      this.#contexts.set(
        context,
        (state = {
          reports: new Map(),
          looks: new Map(),
          telling: new IncidentTelling(),
          open: new Map(),
          leaving: new Map(),
          patience: new IncidentPatience(),
          again: new Map(),
          changes: [],
          held: undefined,
          work: [],
        }),
      );
    return state;
  }

  #fold(context: ContextName, state: ContextState): void {
    const reports = [...state.reports.entries()];
    const findings = reports.flatMap(([, r]) => r.findings).filter((f) => !isInformation(f));
    const folded = foldIncidents({
      context,
      findings,
      relations: reports.flatMap(([, r]) => r.relations),
      advice: new Map(reports.flatMap(([, r]) => r.advice.map((a) => [a.fingerprint, a.text] as const))),
      planned: new Set(reports.flatMap(([, r]) => r.drafts.map((d) => d.fingerprint))),
      changes: state.changes,
      previous: [...state.open.values()],
      now: this.#clock.now(),
    });
    const isOpen = (id: string) => state.open.has(id);
    const present = this.#kept(context, state, state.patience.withoutAftermath(folded, isOpen, this.#clock.now()));
    // What was taken into another incident stands a while longer, and what people say of it holds for it too.
    const ids = new Set(present.map((i) => i.id));
    const leaving = [...state.open.values()].filter((i) => !ids.has(i.id));
    const { incidents: all, events: heard, rows } = this.#dismissals.silence(context, this.#marked([...present, ...leaving]));
    const incidents = all.slice(0, present.length);
    state.work = incidents.flatMap((incident) => {
      const finding = findings.find(
        (f) =>
          fingerprint(f) ===
          fingerprint({ code: incident.rootCause.code, subject: incident.rootCause.resource, field: incident.rootCause.field }),
      );
      if (finding === undefined) return [];
      const drafts = reports.flatMap(([, r]) => r.drafts.filter((d) => d.fingerprint === fingerprint(finding)).map((d) => d.draft));
      return [{ incident, finding, agent: finding.source, drafts }];
    });
    const symptoms = new Set(state.work.flatMap((w) => (w.finding.role === 'symptom' ? [w.incident.id] : [])));
    const due = this.#kept(
      context,
      state,
      state.patience.due(incidents, (id) => symptoms.has(id), isOpen, this.#clock.now()),
    );
    const events = [
      ...this.#findingEvents(context, state, findings),
      ...heard,
      ...this.#incidentEvents(context, state, due),
      ...this.#remarked(state, all.slice(present.length)),
    ];
    if (events.length > 0 || rows.put.length > 0) this.#record(events, [...state.open.values()], rows, () => this.#sink.changed(context));
    else this.#sink.changed(context);
  }

  /** What is worth a word now; the rest is looked at again in its time. */
  #kept(context: ContextName, state: ContextState, { incidents, againMs }: Kept): readonly Incident[] {
    if (againMs !== undefined) this.#lookAgain(context, state, againMs);
    return incidents;
  }

  #lookAgain(context: ContextName, state: ContextState, ms: number): void {
    if (state.again.has(ms)) return;
    state.again.set(
      ms,
      this.#clock.after(ms, () => {
        state.again.delete(ms);
        this.#again(context);
      }),
    );
  }

  /** Looks at a context again without a new report. Of a cluster that is gone there is none: what is open is marked as it stands. */
  #again(context: ContextName): void {
    if (this.#closed) return;
    const state = this.#state(context);
    if (state.reports.size > 0) {
      this.#fold(context, state);
      return;
    }
    const { incidents, events: heard, rows } = this.#dismissals.silence(context, this.#marked([...state.open.values()]));
    const events = [...heard, ...this.#remarked(state, incidents)];
    if (events.length > 0 || rows.put.length > 0) this.#record(events, [...state.open.values()], rows);
  }

  /** Open incidents of which nothing new was seen, with what people say of them now. */
  #remarked(state: ContextState, incidents: readonly Incident[]): HostEvent[] {
    return incidents.flatMap((incident): HostEvent[] => {
      state.open.set(incident.id, incident);
      return this.#isNews(incident, state) ? [{ type: 'incident.updated', incident }] : [];
    });
  }

  /** Whether an incident is announced now. */
  #isNews(incident: Incident, state: ContextState): boolean {
    const { isNews, againMs } = state.telling.of(incident, this.#clock.now());
    if (againMs !== undefined) this.#lookAgain(incident.context, state, againMs);
    return isNews;
  }

  /** What is found in maintenance says so. */
  #marked(incidents: readonly Incident[]): readonly Incident[] {
    return incidents.map((incident) => {
      const { maintenance: _before, ...bare } = incident;
      const maintenance = this.#maintenance(incident.context, incident.rootCause.resource, incident.affects);
      return maintenance === undefined ? bare : { ...bare, maintenance };
    });
  }

  #findingEvents(context: ContextName, state: ContextState, findings: readonly Finding[]): HostEvent[] {
    const { events, againMs } = state.telling.ofFindings(context, findings, this.#clock.now());
    if (againMs !== undefined) this.#lookAgain(context, state, againMs);
    return [...looked(context, state, events), ...events];
  }

  #incidentEvents(context: ContextName, state: ContextState, incidents: readonly Incident[]): HostEvent[] {
    const events: HostEvent[] = [];
    const now = new Set(incidents.map((i) => i.id));
    for (const incident of incidents) {
      state.leaving.get(incident.id)?.();
      state.leaving.delete(incident.id);
      const isKnown = state.open.has(incident.id);
      state.open.set(incident.id, incident);
      if (this.#isNews(incident, state)) events.push({ type: isKnown ? 'incident.updated' : 'incident.opened', incident });
    }
    for (const id of state.open.keys()) {
      if (now.has(id) || state.leaving.has(id)) continue;
      state.leaving.set(
        id,
        this.#clock.after(STAYS_AWAY_MS, () => this.#resolve(context, state, id)),
      );
    }
    return events;
  }

  #resolve(context: ContextName, state: ContextState, id: string): void {
    const incident = state.open.get(id);
    state.leaving.delete(id);
    state.open.delete(id);
    state.telling.forgets(id);
    if (incident === undefined) return;
    const because = `${incident.rootCause.code} has not been seen for ${STAYS_AWAY_MS / 1000} s`;
    this.#record([{ type: 'incident.resolved', context, incident: id, because }], [{ ...incident, state: 'resolved' }], NO_ROWS, () => {
      this.#sink.resolved(id, because);
      this.#sink.changed(context);
    });
  }

  #record(events: readonly HostEvent[], incidents: readonly Incident[], rows: DismissalRows, then: () => void = () => undefined): void {
    this.#sink.record(events, incidents, rows).then(then, (error: unknown) => this.#sink.refused(error));
  }
}
