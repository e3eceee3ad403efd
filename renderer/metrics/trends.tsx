import { useCallback } from 'react';
import { type Sizing, type Sizings, type Trend, type Trends as TrendsRead, valueWords } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { ClusterPick, Pick, turnTool } from '../explore/tool-bar.tsx';
import type { ToolProps } from '../explore/tools.ts';
import { WideTable } from '../explore/wide-table.tsx';
import { clockWords } from '../state/cluster-words.ts';
import { linkTo } from '../state/route.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';
import { linkToSeries } from './series-place.ts';
import { capital } from './words.ts';
import './metrics.css';

/** `#/explore/~trends?in=CONTEXT&namespace=NS`: how workloads changed from last week to this, and what their containers would need. */
export function Trends({ contexts, query }: ToolProps) {
  const context = contexts[0] ?? '';
  const namespace = query.get('namespace') ?? '';
  const { value, failure } = useReading<{ readonly trends: TrendsRead; readonly sizes: Sizings }>(
    useCallback(
      async (client, signal, tell) => {
        if (context === '') return;
        const where = { context, ...(namespace === '' ? {} : { namespace }) };
        const [trends, sizes] = await Promise.all([client.signals.trends(where, { signal }), client.signals.sizing(where, { signal })]);
        tell({ trends, sizes });
      },
      [context, namespace],
    ),
  );
  const turn = (key: string, to: string) => turnTool('~trends', query, { in: context, [key]: to });
  const namespaces = [...(value?.sizes.sizings ?? []), ...(value?.trends.trends ?? [])].map((one) => one.namespace);
  return (
    <article className="object detail">
      <h1>Trends and sizes</h1>
      {context === '' ? (
        <div className="empty">
          <h2>No cluster is connected</h2>
          <p>
            How workloads change from week to week is learned from the metrics of a cluster. <a href={linkTo('fleet')}>Connect one</a>.
          </p>
        </div>
      ) : (
        <>
          <div className="chart-controls" role="search" aria-label="What is shown">
            <ClusterPick context={context} turn={(to) => turn('in', to)} />
            <Pick label="Namespace" names={namespaces} chosen={namespace} all="all namespaces" turn={(to) => turn('namespace', to)} />
          </div>
          {failure !== undefined && <Problem failure={failure} />}
          {value === undefined && failure === undefined && <p className="hint">Reading weeks of metrics…</p>}
          {value !== undefined && (
            <>
              <h2>What containers would need</h2>
              <p className="hint">{sentence(value.sizes.because)}</p>
              <Sizes context={context} sizings={value.sizes.sizings} />
              <h2>This week and the week before</h2>
              <p className="hint">{weeksWords(value.trends, Date.now())}</p>
              <Weeks context={context} trends={value.trends.trends} />
            </>
          )}
        </>
      )}
    </article>
  );
}

const sentence = (words: string): string => `${capital(words)}.`;

/** What is compared; of weeks of which nothing is kept only that. */
const weeksWords = ({ because, middle, trends }: TrendsRead, now: number): string =>
  trends.length === 0
    ? sentence(because)
    : `This week is from ${clockWords(Date.parse(middle), now)} to now, the week before the seven days before that. ${sentence(because)}`;

const CHANGE: Readonly<Record<Sizing['change'], string>> = {
  raise: 'raise',
  lower: 'lower',
  set: 'set one',
  keep: 'as it is',
  unknown: 'not known yet',
};

function Sizes({ context, sizings }: { context: string; sizings: readonly Sizing[] }) {
  if (sizings.length === 0) return null;
  return (
    <WideTable
      label="What containers would need"
      heads={[
        ...['Container', 'Of', 'Request', 'Limit'],
        ...['Half the time below', '99 % below', 'Most', 'At the start'],
        ...['Would fit', 'Frees', 'Seen'],
      ]}
    >
      {sizings.map((s) => (
        <Size key={`${s.namespace} ${s.workload} ${s.container} ${s.resource}`} context={context} sizing={s} />
      ))}
    </WideTable>
  );
}

function Size({ context, sizing }: { context: string; sizing: Sizing }) {
  const {
    namespace,
    workload,
    container,
    resource,
    unit,
    request,
    limit,
    usage,
    recommended,
    change,
    frees,
    samples,
    hours,
    oomKills,
    because,
  } = sizing;
  const say = (v: number | null | undefined) => (v === null || v === undefined ? '–' : valueWords(unit, v));
  const link = linkToSeries(context, { namespace, workload });
  const name = `${namespace}/${workload.split('/')[1] ?? workload} ${container}`;
  return (
    <tr title={because}>
      <td>{link === undefined ? name : <a href={link}>{name}</a>}</td>
      <td>{resource === 'cpu' ? 'processor time' : 'memory'}</td>
      <td>{say(request)}</td>
      <td>{say(limit)}</td>
      <td>{say(usage?.p50)}</td>
      <td>{say(usage?.p99)}</td>
      <td>{say(usage?.max)}</td>
      <td>{say(usage?.startUpPeak)}</td>
      <td className={change === 'raise' || change === 'set' ? 'tone-degraded' : ''}>
        {recommended === null
          ? CHANGE[change]
          : `${CHANGE[change]}: ${say(recommended.request)}${recommended.limit === null ? '' : `, limit ${say(recommended.limit)}`}`}{' '}
        {recommended !== null && <CopyButton text={yamlOf(sizing)} words={`Copy what would fit ${container} as YAML`} />}
        <span className="unseen">{because}</span>
      </td>
      <td>{frees > 0 ? say(frees) : frees < 0 ? `takes ${say(-frees)} more` : '–'}</td>
      <td>
        {samples.toLocaleString('en')} in {Math.round(hours)} h{oomKills > 0 && `, out of memory ${oomKills} times`}
      </td>
    </tr>
  );
}

/** As the pod's spec would say it. */
function yamlOf({ resource, recommended }: Sizing): string {
  const say = (v: number) => (resource === 'cpu' ? `${Math.max(1, Math.ceil(v * 1_000))}m` : `${Math.max(1, Math.ceil(v / 2 ** 20))}Mi`);
  if (recommended === null) return '';
  const limit = recommended.limit === null ? '' : `\n  limits:\n    ${resource}: ${say(recommended.limit)}`;
  return `resources:\n  requests:\n    ${resource}: ${say(recommended.request)}${limit}\n`;
}

const MEASURES: Readonly<Record<Trend['measure'], string>> = {
  cpu: 'processor time',
  memory: 'memory',
  requests: 'requests',
  errors: 'failed requests',
  latency: 'how long requests took',
  received: 'received',
  sent: 'sent',
};

function Weeks({ context, trends }: { context: string; trends: readonly Trend[] }) {
  if (trends.length === 0) return null;
  return (
    <WideTable
      label="This week and the week before"
      heads={['Workload', 'What', 'Week before', 'This week', 'Change', 'Most', 'Hours compared']}
    >
      {trends.map((t) => {
        const link = linkToSeries(context, { namespace: t.namespace, workload: t.workload });
        const name = `${t.namespace}/${t.workload}`;
        return (
          <tr key={`${name} ${t.measure}`}>
            <td>{link === undefined ? name : <a href={`${link}&range=7d`}>{name}</a>}</td>
            <td>{MEASURES[t.measure]}</td>
            <td>{t.weekBefore === null ? '–' : valueWords(t.unit, t.weekBefore)}</td>
            <td>{valueWords(t.unit, t.thisWeek)}</td>
            <td>
              {t.change === null
                ? 'nothing to compare with'
                : `${t.change > 0 ? '+' : t.change < 0 ? '−' : ''}${Math.abs(Math.round(t.change * 100))} %`}
            </td>
            <td>{valueWords(t.unit, t.peak)}</td>
            <td>
              {t.compared} of {t.hours}
            </td>
          </tr>
        );
      })}
    </WideTable>
  );
}
