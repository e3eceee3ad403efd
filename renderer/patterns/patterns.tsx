import { Fragment, useCallback, useState } from 'react';
import type { LogPattern, LogPatterns, LogWatch } from '../../agents/contract/index.ts';
import { ClusterPick, Pick, turnTool } from '../explore/tool-bar.tsx';
import type { ToolProps } from '../explore/tools.ts';
import { WideTable } from '../explore/wide-table.tsx';
import { linkToSeries } from '../metrics/series-place.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { useRepeated } from '../state/use-repeated.ts';
import { Age } from '../ui/age.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { NEWS_WORDS, linkToLines, partsOf, rateWords } from './pattern-words.ts';
import './patterns.css';

const AGAIN_MS = 10_000;
const MOST = 200;

interface Asked {
  readonly context: string;
  readonly namespace: string;
  readonly workload: string;
  readonly search: string;
  readonly level: string;
  readonly news: boolean;
}

/** `#/explore/~patterns?in=CONTEXT&namespace=NS&workload=Deployment/x&search=…&level=error&news=true`: what workloads say again and again. */
export function Patterns({ contexts, query }: ToolProps) {
  const of = (key: string) => query.get(key) ?? '';
  const asked: Asked = {
    context: contexts[0] ?? '',
    namespace: of('namespace'),
    workload: of('workload'),
    search: of('search'),
    level: of('level'),
    news: of('news') === 'true',
  };
  return (
    <article className="object detail">
      <h1>Log patterns</h1>
      {asked.context === '' ? (
        <div className="empty">
          <h2>No cluster is connected</h2>
          <p>
            Patterns are learned from the logs of a cluster while it is connected. <a href={linkTo('fleet')}>Connect one</a>.
          </p>
        </div>
      ) : (
        <Found key={asked.context} asked={asked} query={query} />
      )}
    </article>
  );
}

function Found({ asked, query }: { asked: Asked; query: URLSearchParams }) {
  const { context, namespace, workload, search, level, news } = asked;
  const { value, failure } = useRepeated<{ readonly found: LogPatterns; readonly watch: LogWatch }>(
    useCallback(
      async (client, signal) => {
        const [found, watch] = await Promise.all([
          client.logs.patterns(
            {
              ...{ context, news, limit: MOST },
              ...(namespace === '' ? {} : { namespace }),
              ...(workload === '' ? {} : { workload }),
              ...(search === '' ? {} : { search }),
              ...(level === '' ? {} : { level: level as 'error' }),
            },
            { signal },
          ),
          client.logs.watching({ context }, { signal }),
        ]);
        return { found, watch };
      },
      [context, namespace, workload, search, level, news],
    ),
    AGAIN_MS,
  );
  const turn = (key: string, to: string) => turnTool('~patterns', query, { in: context, [key]: to });
  const workloads = value?.watch.workloads ?? [];
  const patterns = value?.found.patterns ?? [];
  const sifted = namespace !== '' || workload !== '' || search !== '' || level !== '' || news;
  return (
    <>
      <Bar asked={asked} workloads={workloads} turn={turn} />
      {failure !== undefined && <Problem failure={failure} />}
      {value === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {value !== undefined && patterns.length === 0 && (
        <div className="empty">
          <h2>{sifted ? 'No pattern is like that' : 'Nothing has been learned yet'}</h2>
          <p>
            {sifted
              ? 'Other words, another workload or another level may find some.'
              : value.watch.streams === 0
                ? 'No log is followed yet: logs of workloads with an incident, a rollout or restarts are followed by themselves, others when somebody chooses them.'
                : `The logs of ${value.watch.streams} containers are followed; a pattern is there with its first line.`}
          </p>
        </div>
      )}
      {patterns.length > 0 && (
        <ul className="patterns">
          {patterns.map((p) => (
            <Row key={`${p.namespace} ${p.workload} ${p.id}`} context={context} pattern={p} />
          ))}
        </ul>
      )}
      {value?.found.truncated === true && <p className="hint">There are more; sift them to see others.</p>}
      {value !== undefined && <Watching context={context} watch={value.watch} />}
    </>
  );
}

interface BarProps {
  readonly asked: Asked;
  readonly workloads: LogWatch['workloads'];
  readonly turn: (key: string, to: string) => void;
}

function Bar({ asked, workloads, turn }: BarProps) {
  const [typed, setTyped] = useState(asked.search);
  const pick = (label: string, key: 'namespace' | 'workload' | 'level', names: readonly string[], all: string) => (
    <Pick label={label} names={names} chosen={asked[key]} all={all} turn={(to) => turn(key, to)} />
  );
  const namespaces = workloads.map((w) => w.namespace);
  const kept = workloads.filter((w) => asked.namespace === '' || w.namespace === asked.namespace).map((w) => w.workload);
  return (
    <form
      className="chart-controls patterns-bar"
      role="search"
      aria-label="Which patterns"
      onSubmit={(e) => {
        e.preventDefault();
        turn('search', typed.trim());
      }}
    >
      <input
        type="search"
        aria-label="Words, Enter to search"
        placeholder="Words"
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
      />
      <ClusterPick context={asked.context} turn={(to) => turn('in', to)} />
      {pick('Namespace', 'namespace', namespaces, 'all namespaces')}
      {pick('Workload', 'workload', kept, 'all workloads')}
      {pick('Level', 'level', ['error', 'warning', 'other'], 'any level')}
      <label className="patterns-news">
        <input type="checkbox" checked={asked.news} onChange={(e) => turn('news', e.target.checked ? 'true' : '')} /> only what is news
      </label>
    </form>
  );
}

const TONES: Readonly<Record<LogPattern['level'], string>> = { error: 'broken', warning: 'degraded', other: 'well' };

function Row({ context, pattern }: { context: string; pattern: LogPattern }) {
  const { namespace, workload, text, level, count, perMinute, firstSeen, lastSeen, sinceRevision, pods, news, sample, revisions } = pattern;
  const [first = '', ...trace] = text.split('\n');
  const link = linkToSeries(context, { namespace, workload });
  return (
    <li className={`pattern tone-edge-${TONES[level]}`}>
      <div className="pattern-text">
        <p className="meta">
          <span className={`tone-${TONES[level]}`}>{level}</span>
          {news !== null && (
            <span className="mark" title={news.because}>
              {NEWS_WORDS[news.kind]}
              {news.revision !== null && ` since revision ${news.revision}`}
            </span>
          )}
          {link === undefined ? <span>{`${namespace}/${workload}`}</span> : <a href={link}>{`${namespace}/${workload}`}</a>}
        </p>
        <a className="pattern-line" href={linkToLines(context, pattern)} title="Show the lines" dir="auto">
          {partsOf(first).map((part, i) => (
            // Parts of a text have no identity but their place.
            <Fragment key={i}>
              {i > 0 && <span className="varies">…</span>}
              {part}
            </Fragment>
          ))}
        </a>
        {trace.length > 0 && <p className="pattern-trace">{trace.join(' ')}</p>}
        <p className="row-meta">
          {count.toLocaleString('en')} {count === 1 ? 'line' : 'lines'} of {pods} {pods === 1 ? 'pod' : 'pods'}, {rateWords(perMinute)};
          first <Age at={firstSeen} suffix=" ago" />, last <Age at={lastSeen} suffix=" ago" />
          {sinceRevision !== null && `; since revision ${sinceRevision}`}
        </p>
        {news !== null && <p className="pattern-because">{news.because}</p>}
        <details>
          <summary>A line of it{sample.trace.length > 0 && ', with its stack trace'}</summary>
          <p className="row-meta">
            {sample.pod}, {sample.container}, <Age at={sample.at} suffix=" ago" />{' '}
            <CopyButton text={[sample.line, ...sample.trace].join('\n')} words="Copy the line" />
          </p>
          <ScrollBox as="pre" label="A line of it">
            {[sample.line, ...sample.trace].join('\n')}
          </ScrollBox>
          {revisions.length > 1 && (
            <ul className="row-meta">
              {revisions.map((r) => (
                <li key={r.revision}>
                  revision {r.revision}: {r.lines.toLocaleString('en')} lines
                  {r.perPodMinute !== null && `, ${rateWords(r.perPodMinute)} of each pod`}
                </li>
              ))}
            </ul>
          )}
        </details>
      </div>
      <Bars minutes={pattern.minutes} />
    </li>
  );
}

const WIDE = 180;
const HIGH = 40;

/** Lines of each minute. The words beside it say how many now. */
function Bars({ minutes: { counts, start } }: { minutes: LogPattern['minutes'] }) {
  const most = Math.max(1, ...counts);
  const wide = WIDE / Math.max(1, counts.length);
  const busiest = counts.indexOf(most);
  return (
    <svg
      className="spark"
      width={WIDE}
      height={HIGH}
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      role="img"
      aria-label={`Lines of each minute since ${new Date(start).toLocaleTimeString()}: at most ${most}, ${counts.length - busiest} minutes ago`}
    >
      {counts.map((n, i) =>
        n === 0 ? null : (
          <rect
            // A minute is its place.
            key={i}
            className="pattern-bar"
            x={(i * wide).toFixed(1)}
            width={Math.max(1, wide - 0.6).toFixed(1)}
            y={(HIGH - Math.max(1.5, (n / most) * HIGH)).toFixed(1)}
            height={Math.max(1.5, (n / most) * HIGH).toFixed(1)}
          />
        ),
      )}
    </svg>
  );
}

const BECAUSE: Readonly<Record<LogWatch['workloads'][number]['because'], string>> = {
  chosen: 'somebody chose it',
  incident: 'it has an incident',
  rollout: 'it was rolled out',
  restarts: 'it restarts',
  small: 'there is room',
};

/** Whose logs these are, why, and what of them was not read. */
function Watching({ context, watch }: { context: string; watch: LogWatch }) {
  const client = useClient();
  const order = useOrder();
  const live = usePage((s) => s.phase === 'live');
  const choose = (namespace: string, workload: string, on: boolean) =>
    order.give(() => client.logs.watch({ context, namespace, workload, on }));
  return (
    <details className="watching">
      <summary>
        The logs of {watch.streams} {watch.streams === 1 ? 'container' : 'containers'} of {watch.workloads.length}{' '}
        {watch.workloads.length === 1 ? 'workload' : 'workloads'} are followed
        {watch.leftOut > 0 && `; there was no room for ${watch.leftOut} more`}
        {watch.skippedBytes > 0 && '; some lines came faster than they are read'}
      </summary>
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <WideTable
        label="Whose logs are followed"
        heads={[
          'Workload',
          'Because',
          'Containers',
          'Lines',
          'Patterns',
          'Since',
          <span key="choice" className="unseen">
            Choice
          </span>,
        ]}
      >
        {watch.workloads.map((w) => (
          <tr key={`${w.namespace} ${w.workload}`}>
            <td>{`${w.namespace}/${w.workload}`}</td>
            <td>{BECAUSE[w.because]}</td>
            <td>
              {w.streams} of {w.containers}
            </td>
            <td>{w.lines.toLocaleString('en')}</td>
            <td>{w.patterns}</td>
            <td>
              <Age at={w.since} suffix=" ago" />
            </td>
            <td>
              <button
                type="button"
                disabled={order.running || !live}
                onClick={() => choose(w.namespace, w.workload, w.because !== 'chosen')}
              >
                {w.because === 'chosen' ? 'Not always' : 'Follow always'}
              </button>
            </td>
          </tr>
        ))}
      </WideTable>
      {watch.notes.length > 0 && (
        <ul className="hint">
          {watch.notes.map((n) => (
            <li key={`${n.at} ${n.pod} ${n.container} ${n.text}`}>
              <Age at={n.at} suffix=" ago" /> {n.namespace}/{n.pod} {n.container}: {n.text}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
