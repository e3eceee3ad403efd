import { useCallback } from 'react';
import type { MetricAnswer } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { ClusterPick, Pick, turnTool } from '../explore/tool-bar.tsx';
import type { ToolProps } from '../explore/tools.ts';
import { WideTable } from '../explore/wide-table.tsx';
import { linkTo } from '../state/route.ts';
import { Problem } from '../ui/problem.tsx';
import { HeatCanvas } from './heat-canvas.tsx';
import { HEAT_WORDS, type HeatCell, heatOf } from './heat.ts';
import { type Measure, NODE_MEASURES, WORKLOAD_MEASURES, cellsOf, queryOf } from './load-cells.ts';
import { useRepeated } from '../state/use-repeated.ts';
import './metrics.css';

const AGAIN_MS = 30_000;
const MOST = 5_000;

/** `#/explore/~load?in=CONTEXT&of=nodes|workloads&by=cpu&namespace=NS&as=list`: how full nodes and workloads are. */
export function Load({ contexts, query }: ToolProps) {
  const context = contexts[0] ?? '';
  const of = query.get('of') === 'workloads' ? 'workloads' : 'nodes';
  const namespace = query.get('namespace') ?? '';
  const asList = query.get('as') === 'list';
  const measures = of === 'nodes' ? NODE_MEASURES : WORKLOAD_MEASURES;
  const measure = measures.find((m) => m.id === query.get('by')) ?? measures[0]!;
  const turn = (key: string, value: string) => turnTool('~load', query, { in: context, [key]: value, ...(key === 'of' ? { by: '' } : {}) });
  return (
    <article className="object detail">
      <h1>Load</h1>
      {context === '' ? (
        <div className="empty">
          <h2>No cluster is connected</h2>
          <p>
            How full nodes and workloads are is read from the metrics of a cluster. <a href={linkTo('fleet')}>Connect one</a>.
          </p>
        </div>
      ) : (
        <>
          <div className="chart-controls" role="search" aria-label="What is shown">
            <select aria-label="Of what" value={of} onChange={(e) => turn('of', e.target.value === 'nodes' ? '' : e.target.value)}>
              <option value="nodes">nodes</option>
              <option value="workloads">workloads</option>
            </select>
            <select aria-label="By what" value={measure.id} onChange={(e) => turn('by', e.target.value)}>
              {measures.map((m) => (
                <option key={m.id} value={m.id}>
                  {m.words}
                </option>
              ))}
            </select>
            <ClusterPick context={context} turn={(to) => turn('in', to)} />
            {of === 'workloads' && <Namespaces context={context} chosen={namespace} turn={(n) => turn('namespace', n)} />}
            <button type="button" aria-pressed={asList} onClick={() => turn('as', asList ? '' : 'list')}>
              As a list
            </button>
          </div>
          <Cells
            key={`${context} ${of} ${measure.id} ${namespace}`}
            context={context}
            measure={measure}
            namespace={of === 'nodes' ? '' : namespace}
            asList={asList}
            of={of}
          />
        </>
      )}
    </article>
  );
}

function Namespaces({ context, chosen, turn }: { context: string; chosen: string; turn: (namespace: string) => void }) {
  const { value } = useReading<readonly string[]>(
    useCallback(
      async (client, signal, tell) => {
        const { series } = await client.metrics.query({ context, query: 'count by (namespace) (workload_pods)', limit: MOST }, { signal });
        tell(series.map((s) => s.labels['namespace'] ?? ''));
      },
      [context],
    ),
  );
  return <Pick label="Namespace" names={value ?? []} chosen={chosen} all="all namespaces" turn={turn} />;
}

interface CellsProps {
  readonly context: string;
  readonly measure: Measure;
  readonly namespace: string;
  readonly asList: boolean;
  readonly of: 'nodes' | 'workloads';
}

function Cells({ context, measure, namespace, asList, of }: CellsProps) {
  const { value, failure } = useRepeated<{ readonly used: MetricAnswer; readonly most: MetricAnswer | undefined }>(
    useCallback(
      async (client, signal) => {
        const ask = (what: string) => client.metrics.query({ context, query: queryOf(what, namespace), limit: MOST }, { signal });
        const [used, most] = await Promise.all([
          ask(measure.used),
          measure.of === undefined || measure.of === '1' ? Promise.resolve(undefined) : ask(measure.of),
        ]);
        return { used, most };
      },
      [context, measure, namespace],
    ),
    AGAIN_MS,
  );
  if (value === undefined) return failure !== undefined ? <Problem failure={failure} /> : <p className="hint">Reading…</p>;
  const cells = cellsOf(context, measure, value.used, value.most, namespace !== '');
  if (cells.length === 0)
    return (
      <div className="empty">
        <h2>Nothing is known of that now</h2>
        <p>
          No {measure.words} of {of} was read in the last minutes. <code>quarterdeck metrics sources</code> says where metrics come from,
          and what is missing.
        </p>
      </div>
    );
  const full = cells.filter((c) => ['degraded', 'broken'].includes(heatOf(c.share))).length;
  return (
    <>
      {failure !== undefined && <Problem failure={failure} />}
      <p className="hint">
        {cells.length} {of}
        {value.used.truncated && ', more than are shown'}; {full === 0 ? 'none' : full} at 80 % or more.
      </p>
      {asList ? <List cells={cells} measure={measure} /> : <HeatCanvas cells={cells} label={`${of} by ${measure.words}`} />}
    </>
  );
}

function List({ cells, measure }: { cells: readonly HeatCell[]; measure: Measure }) {
  return (
    <WideTable label={`By ${measure.words}`} heads={['Name', 'In use', 'How full']}>
      {cells.map((c) => (
        <tr key={c.key}>
          <td>{c.href === undefined ? c.name : <a href={c.href}>{c.name}</a>}</td>
          <td>{c.words}</td>
          <td>{HEAT_WORDS[heatOf(c.share)]}</td>
        </tr>
      ))}
    </WideTable>
  );
}
