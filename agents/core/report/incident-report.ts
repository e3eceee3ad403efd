import { type Envelope, type HostEvent, type Incident, type Plan, refWords } from '../../contract/index.ts';
import { REPORT_SECTIONS, type IncidentReport, type ReportLine } from '../../contract/reports.ts';
import { storyOf } from '../../contract/story.ts';
import { reportMarkdown } from './markdown.ts';

type Section = (typeof REPORT_SECTIONS)[number];
type Of<T extends HostEvent['type']> = Envelope & { readonly event: Extract<HostEvent, { type: T }> };

const is = <T extends HostEvent['type']>(envelope: Envelope, ...types: readonly T[]): envelope is Of<T> =>
  (types as readonly string[]).includes(envelope.event.type);

/**
 * The report of one incident from what the log says of it (`EntriesOfIncident`), oldest first. Undefined where no entry holds the
 * incident itself: its part of the log was removed.
 */
export function incidentReport(entries: readonly Envelope[]): IncidentReport | undefined {
  const known = entries.filter((e) => is(e, 'incident.opened', 'incident.updated'));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { incident } = last.event;
  const ended = entries.findLast((e) => is(e, 'incident.resolved'));
  const lines: Readonly<Record<Section, readonly ReportLine[]>> = {
    Timeline: timeline(entries),
    Cause: cause(incident, last.seq),
    'What suffered': incident.symptoms.map((s) => line('message', s.message, [last.seq], [s.code, refWords(s.resource)])),
    Evidence: incident.evidence.map((e) =>
      line(e.kind, e.text, [last.seq], [refWords(e.resource), ...(e.source === undefined ? [] : [e.source])]),
    ),
    'Ruled out': incident.ruledOut.map((r) => line('because', r.because, [last.seq], [r.hypothesis])),
    ...ofPlans(entries),
    Result: entries
      .filter((e) => is(e, 'plan.verified', 'plan.rollingBack', 'plan.settled', 'incident.resolved'))
      .map((e) => line('told', storyOf(e.event), [e.seq])),
  };
  const report = {
    incident: incident.id,
    context: incident.context,
    title: incident.title,
    severity: incident.severity,
    code: incident.rootCause.code,
    openedAt: first.at,
    resolvedAt: ended !== undefined && ended.seq > last.seq ? ended.at : null,
    sections: REPORT_SECTIONS.flatMap((title) => (lines[title].length === 0 ? [] : [{ title, lines: [...lines[title]] }])),
  };
  return { ...report, markdown: reportMarkdown(report) };
}

const line = (says: string, text: string, events: readonly number[], about: readonly string[] = []): ReportLine => ({
  says,
  text,
  about: [...about],
  events: [...events],
});

/** Every entry in its own sentence; an incident that is only seen again is told once, with all its numbers. */
function timeline(entries: readonly Envelope[]): ReportLine[] {
  const told: ReportLine[] = [];
  for (const { seq, at, event } of entries) {
    const text = storyOf(event);
    const before = told.at(-1);
    if (event.type === 'incident.updated' && before?.text === text) before.events.push(seq);
    else told.push({ ...line('told', text, [seq]), at });
  }
  return told;
}

function cause({ rootCause, advice }: Incident, seq: number): ReportLine[] {
  const about = [rootCause.code, refWords(rootCause.resource), ...(rootCause.field === undefined ? [] : [rootCause.field])];
  return [line('message', rootCause.message, [seq], about), ...(advice === undefined ? [] : [line('advice', advice, [seq])])];
}

/** Who decided what, and what was then done to the cluster. A plan that nobody decided changed nothing and has no line here. */
function ofPlans(entries: readonly Envelope[]): Readonly<Record<'Decision' | 'Change', readonly ReportLine[]>> {
  const plans = new Map<string, { readonly plan: Plan; readonly seq: number }>();
  const decision: ReportLine[] = [];
  const change: ReportLine[] = [];
  for (const entry of entries) {
    if (is(entry, 'plan.proposed', 'plan.refused')) plans.set(entry.event.plan.id, { plan: entry.event.plan, seq: entry.seq });
    else if (is(entry, 'approval.given', 'approval.resolved')) {
      const { event, seq } = entry;
      const known = plans.get(event.plan);
      decision.push(
        known === undefined
          ? line('told', storyOf(event), [seq])
          : line('told', storyOf(event), [known.seq, seq], [known.plan.title, known.plan.because, known.plan.risk]),
      );
      if ('rule' in event && event.rule !== undefined) decision.push(line('rule', event.rule, [seq]));
    } else if (is(entry, 'action.started')) {
      const { event, seq } = entry;
      change.push(line(event.inverse ? 'taken back' : 'done', event.summary, [seq], [refWords(event.target), event.plan]));
      const known = plans.get(event.plan);
      const diff = known?.plan.actions[event.index]?.diff ?? '';
      if (known !== undefined && !event.inverse && diff !== '') change.push(line('difference', diff, [known.seq, seq], [event.plan]));
    } else if (is(entry, 'action.failed')) change.push(line('failed', entry.event.failure.message, [entry.seq], [entry.event.plan]));
  }
  return { Decision: decision, Change: change };
}
