import { useCallback, useMemo, useState } from 'react';
import type { Change, ClusterMetrics, IncidentWithPlans } from '../../agents/contract/index.ts';
import type { TabProps } from '../explore/object-tabs.ts';
import { linkToObject } from '../explore/places.ts';
import { useReading } from '../explore/reading.ts';
import { clockWords } from '../state/cluster-words.ts';
import { useIsCurrent } from '../state/current.ts';
import { usePage } from '../state/page.ts';
import { useRoute } from '../state/route.ts';
import { Age, ageWords, useNow } from '../ui/age.tsx';
import { Chart, type Pointed } from './chart.tsx';
import { Forecasts } from './forecasts.tsx';
import { type Mark, marksOfChanges, marksOfIncidents, marksWithin } from './marks.ts';
import { type Panel, type Subject, panelsOf } from './panels.ts';
import { subjectOf } from './subject.ts';
import { SPANS, SPAN_WORDS, type Span, type TimeWindow, useSettled, useTimeWindow } from './time-window.ts';
import './metrics.css';

/** The metrics of an object over time: what it took, what it may take, what was expected, and what happened meanwhile. */
export function ObjectMetrics(props: TabProps) {
  const { facts, object } = props;
  const { namespace, name } = props.place;
  const subject = useMemo(() => subjectOf({ namespace, name }, facts, object), [namespace, name, facts, object]);
  return subject === undefined ? (
    <p className="hint">No metrics are kept of a {facts.kind}.</p>
  ) : (
    <OfSubject {...props} subject={subject} />
  );
}

function OfSubject({ place, facts, subject }: TabProps & { subject: Subject }) {
  const { context, namespace, name } = place;
  const asked = useRoute().query.get('range');
  const window = useTimeWindow(asked !== null && asked in SPANS ? (asked as Span) : '1h');
  const [pointed] = useState(makePointed);
  const panels = useMemo(() => panelsOf(subject), [subject]);
  const [found, setFound] = useState<Readonly<Record<string, boolean>>>({});
  const tell = useCallback(
    (id: string, any: boolean) => setFound((before) => (before[id] === any ? before : { ...before, [id]: any })),
    [],
  );
  const marks = useMarks(context, subject, { kind: facts.kind, namespace, name }, window);
  const read = panels.every((p) => found[p.id] !== undefined);
  const none = read && panels.every((p) => found[p.id] === false);
  const absent = panels.filter((p) => found[p.id] === false);
  return (
    <div className="metrics">
      <Forecasts context={context} subject={subject} />
      <Controls window={window} place={place} />
      <Kept context={context} none={none} subject={subject} absent={read && !none ? absent : []} />
      <div className="charts">
        {panels.map((panel) => (
          <Chart key={panel.id} context={context} panel={panel} window={window} pointed={pointed} marks={marks} found={tell} />
        ))}
      </div>
      <Happened marks={marks} window={window} />
    </div>
  );
}

function makePointed(): Pointed {
  const listeners = new Set<(t: number | undefined, by: object) => void>();
  return {
    tell: (t, by) => {
      for (const told of listeners) told(t, by);
    },
    hear: (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}

function Controls({ window: shown, place }: { window: TimeWindow; place: TabProps['place'] }) {
  const { span, from, to, follows } = useSettled(shown);
  const choose = (next: Span) => {
    shown.choose(next, Date.now());
    window.history.replaceState(null, '', `${linkToObject(place, 'metrics')}&range=${next}`);
  };
  const move = (by: number) => shown.move(by * SPANS[span], Date.now());
  return (
    <div className="chart-controls">
      <div role="radiogroup" aria-label="How long" className="choice">
        {(Object.keys(SPANS) as Span[]).map((one) => (
          <label key={one} data-chosen={one === span ? '' : undefined}>
            <input type="radio" name="range" checked={one === span} onChange={() => choose(one)} />
            {SPAN_WORDS[one]}
          </label>
        ))}
      </div>
      <div className="buttons">
        <button type="button" onClick={() => move(-0.5)}>
          Earlier
        </button>
        <button type="button" disabled={follows} onClick={() => move(0.5)}>
          Later
        </button>
        <button type="button" disabled={follows} onClick={() => shown.toNow(Date.now())}>
          Now
        </button>
      </div>
      <span className="hint">
        {clockWords(from, Date.now())} to {follows ? 'now' : clockWords(to, Date.now())}
      </span>
    </div>
  );
}

const THINGS: Readonly<Record<Subject['of'], string>> = { workload: 'workload', pod: 'pod', node: 'node', claim: 'claim' };

/** How far back anything is known, whether more is coming, and what is not known and why. */
function Kept({ context, none, subject, absent }: { context: string; none: boolean; subject: Subject; absent: readonly Panel[] }) {
  const { value, failure } = useReading<ClusterMetrics>(
    useCallback(async (client, signal, tell) => tell(await client.metrics.sources({ context }, { signal })), [context]),
  );
  const now = useNow();
  const current = useIsCurrent(context);
  const lost = usePage((s) => s.phase !== 'live');
  const since = value?.stored.since ?? null;
  const kept =
    since === null
      ? undefined
      : `Metrics of ${context} have been kept since ${clockWords(Date.parse(since), now)}: ${ageWords(Date.parse(since), now)}.`;
  return (
    <div className="kept">
      {lost && <p className="notice-words">Quarterdeck does not answer: what is shown is what was read before, and nothing newer comes.</p>}
      {!lost && !current && (
        <p className="notice-words">
          {context} is not read now: what is shown is what was kept. {failure?.message}
        </p>
      )}
      {none ? (
        <div className="empty">
          <h2>Nothing is kept of this {THINGS[subject.of]} in this time</h2>
          <p>
            {kept ??
              (value === undefined
                ? 'The first reading takes a few seconds.'
                : 'No metrics have been kept yet: the first reading comes within half a minute.')}{' '}
            {subject.of === 'pod' && 'Of clusters with very many pods only their workloads are kept.'}
          </p>
          {value?.gaps.map((gap) => (
            <p key={gap} className="hint">
              {gap}
            </p>
          ))}
        </div>
      ) : (
        kept !== undefined && <p className="hint">{kept}</p>
      )}
      {absent.length > 0 && (
        <details className="hint">
          <summary>Not known of it: {few(absent.map((p) => p.title.toLowerCase()))}</summary>
          {absent.length > FEW && <p>Not known are {absent.map((p) => p.title.toLowerCase()).join(', ')}.</p>}
          {value?.gaps.map((gap) => (
            <p key={gap}>{gap}</p>
          ))}
        </details>
      )}
    </div>
  );
}

const FEW = 4;
const few = (words: readonly string[]): string =>
  words.length <= FEW ? words.join(', ') : `${words.slice(0, FEW - 1).join(', ')} and ${words.length - FEW + 1} more`;

/** The marks of the charts in words, with the way to what they tell of. */
function Happened({ marks, window }: { marks: readonly Mark[]; window: TimeWindow }) {
  const { from, to } = useSettled(window);
  const within = marksWithin(marks, from, to).toReversed();
  return (
    <section aria-label="What happened in this time">
      <h2>In this time</h2>
      {within.length === 0 ? (
        <p className="hint">Nothing was changed, and no incident began.</p>
      ) : (
        <ul className="happened">
          {within.map((m) => (
            <li key={`${m.at} ${m.title}`}>
              <Age at={new Date(m.at).toISOString()} suffix=" ago" />{' '}
              <span className={m.tone === 'change' ? 'tone-changing' : 'tone-broken'}>{m.words}</span>{' '}
              {m.href === undefined ? <span dir="auto">{m.title}</span> : <a href={m.href}>{m.title}</a>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const MOST_CHANGES = 200;

function useMarks(
  context: string,
  subject: Subject,
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string | undefined; readonly name: string },
  window: TimeWindow,
): readonly Mark[] {
  const settled = useSettled(window);
  const open = usePage((s) => s.incidents);
  const accepted = usePage((s) => s.accepted);
  // By the hour, so that time going on is no new question.
  const since = Math.floor((settled.from - SPANS[settled.span] / 2) / 3_600_000);
  const { value } = useReading<{ readonly changes: readonly Change[]; readonly past: readonly IncidentWithPlans[] }>(
    useCallback(
      async (client, signal, tell) => {
        const [changes, past] = await Promise.all([
          client.changes.list(
            {
              context,
              resource: `${kind}/${name}`,
              since: new Date(since * 3_600_000).toISOString(),
              limit: MOST_CHANGES,
              ...(namespace === undefined ? {} : { namespace }),
            },
            { signal },
          ),
          client.incidents.list({ context, state: 'resolved' }, { signal }),
        ]);
        tell({ changes: changes.changes, past: past.incidents });
      },
      [context, kind, namespace, name, since],
    ),
  );
  return useMemo(() => {
    const objects = [{ kind, namespace, name }, ...(subject.of === 'workload' ? [workloadRef(subject)] : [])];
    const incidents = [...open, ...accepted, ...(value?.past ?? [])];
    return [...marksOfChanges(value?.changes ?? []), ...marksOfIncidents(incidents, context, objects)].toSorted((a, b) => a.at - b.at);
  }, [value, open, accepted, context, subject, kind, namespace, name]);
}

function workloadRef({ namespace, workload }: Extract<Subject, { of: 'workload' }>) {
  const [kind = '', name = ''] = workload.split('/', 2);
  return { kind, namespace, name };
}
