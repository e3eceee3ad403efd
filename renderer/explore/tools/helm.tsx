import { useCallback } from 'react';
import type { HelmRelease, HelmReleaseRow } from '../../../agents/contract/index.ts';
import type { Failure } from '../../../agents/contract/index.ts';
import { named } from '../../state/current.ts';
import { linkTo } from '../../state/route.ts';
import { Age } from '../../ui/age.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Fact } from '../../ui/fact.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import { WayBack } from '../../ui/way-back.tsx';
import { linkToRef } from '../places.ts';
import { useReading } from '../reading.ts';
import type { ToolProps } from '../tools.ts';
import { WideTable } from '../wide-table.tsx';

/** `#/explore/~helm` and `#/explore/~helm/CONTEXT/NAMESPACE/NAME`. */
export function Helm({ contexts, path: [context, namespace, name] }: ToolProps) {
  return context === undefined || namespace === undefined || name === undefined ? (
    <Releases joined={contexts.join('\n')} />
  ) : (
    <Release key={`${context} ${namespace} ${name}`} context={context} namespace={namespace} name={name} />
  );
}

const linkToRelease = ({ context, namespace, name }: Pick<HelmReleaseRow, 'context' | 'namespace' | 'name'>): string =>
  `${linkTo('explore', '~helm')}/${[context, namespace, name].map(encodeURIComponent).join('/')}`;

interface Read {
  readonly releases: readonly HelmReleaseRow[];
  readonly failed: readonly { readonly context: string; readonly failure: Failure }[];
}

function Releases({ joined }: { joined: string }) {
  const { value, failure } = useReading<Read>(
    useCallback(
      async (client, signal, tell) => {
        const contexts = named(joined);
        tell(contexts.length === 0 ? { releases: [], failed: [] } : await client.helm.list({ contexts }, { signal }));
      },
      [joined],
    ),
  );
  return (
    <article className="object detail">
      <h1>Helm releases</h1>
      {failure !== undefined && <Problem failure={failure} />}
      {value?.failed.map((f) => (
        <Problem key={f.context} failure={{ ...f.failure, message: `${f.context}: ${f.failure.message}` }} />
      ))}
      {value === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {value?.releases.length === 0 && value.failed.length === 0 && (
        <div className="empty">
          <h2>{joined === '' ? 'No cluster is connected' : 'There are none'}</h2>
          <p>
            {joined === ''
              ? 'Releases are read from the Secrets in which Helm keeps them.'
              : 'Helm keeps each release in a Secret of its namespace; none is there that you may read.'}
          </p>
        </div>
      )}
      {value !== undefined && value.releases.length > 0 && (
        <WideTable label="Releases" heads={['Cluster', 'Namespace', 'Release', 'Chart', 'App', 'Revision', 'Status', 'Changed']}>
          {value.releases.map((r) => (
            <tr key={`${r.context} ${r.namespace} ${r.name}`}>
              <td>{r.context}</td>
              <td>{r.namespace}</td>
              <td>
                <a className="name" href={linkToRelease(r)}>
                  {r.name}
                </a>
              </td>
              <td>
                {r.chart} {r.chartVersion}
              </td>
              <td>{r.appVersion}</td>
              <td>{r.revision}</td>
              <td className={toneOf(r.status)}>{r.status}</td>
              <td>{r.updated !== null && <Age at={r.updated} suffix=" ago" />}</td>
            </tr>
          ))}
        </WideTable>
      )}
    </article>
  );
}

const toneOf = (status: string): string => (status === 'failed' ? 'tone-broken' : status.startsWith('pending') ? 'tone-changing' : '');

function Release({ context, namespace, name }: { context: string; namespace: string; name: string }) {
  const { value, failure } = useReading<HelmRelease>(
    useCallback(
      async (client, signal, tell) => tell(await client.helm.release({ context, namespace, name }, { signal })),
      [context, namespace, name],
    ),
  );
  return (
    <article className="object detail">
      <WayBack to={linkTo('explore', '~helm')}>Helm releases</WayBack>
      <h1>
        <span className="kind">Release</span> <span className="name">{`${namespace}/${name}`}</span>
        <CopyButton text={name} words="Copy the name" />
      </h1>
      {failure !== undefined && <Problem failure={failure} />}
      {value === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {value !== undefined && (
        <>
          <dl className="facts">
            <Fact name="Chart">
              {value.chart} {value.chartVersion}
            </Fact>
            <Fact name="App">{value.appVersion === '' ? 'not said' : value.appVersion}</Fact>
            <Fact name="Status">
              <span className={toneOf(value.status)}>{value.status}</span>
            </Fact>
            <Fact name="Cluster">{context}</Fact>
          </dl>
          <h2>History</h2>
          <ul className="pairs">
            {value.history.map((r) => (
              <li key={r.revision}>
                <strong>{r.revision}</strong> <span className={toneOf(r.status)}>{r.status}</span> {r.chart} {r.chartVersion}{' '}
                <span className="hint">
                  {r.description} {r.updated !== null && <Age at={r.updated} suffix=" ago" />}
                </span>
              </li>
            ))}
          </ul>
          <h2>Objects</h2>
          {value.objects.length === 0 && <p className="hint">Its manifest names none.</p>}
          <ul className="pairs">
            {value.objects.map((o) => (
              <li key={`${o.apiVersion} ${o.kind} ${o.namespace ?? ''} ${o.name}`}>
                <span className="kind">{o.kind}</span>{' '}
                <a className="name" href={linkToRef(context, o)}>
                  {o.namespace === undefined || o.namespace === namespace ? o.name : `${o.namespace}/${o.name}`}
                </a>
              </li>
            ))}
          </ul>
          <h2>Values that were given</h2>
          <p className="hint">
            {value.values.length === 0 ? 'None: the chart’s own.' : 'Their names; what they are stays in the cluster.'}
          </p>
          <ul className="pairs">
            {value.values.map((v) => (
              <li key={v}>
                <code>{v}</code>
              </li>
            ))}
          </ul>
          {value.notes !== '' && (
            <>
              <h2>Notes</h2>
              <ScrollBox as="pre" className="yaml" label="Notes">
                {value.notes}
              </ScrollBox>
            </>
          )}
        </>
      )}
    </article>
  );
}
