import { useCallback } from 'react';
import type { Relation } from '../../../agents/contract/index.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { TabProps } from '../object-tabs.ts';
import { linkToRef } from '../places.ts';
import { useReading } from '../reading.ts';
import { groupsAround } from '../related.ts';

/** What an object has to do with others: each a link, in words that say how. */
export function Related({ place: { context, namespace, name }, facts }: TabProps) {
  const { apiVersion, kind, uid } = facts;
  const { value, failure } = useReading<readonly Relation[] | null>(
    useCallback(
      async (client, signal, tell) => {
        const ask = { context, apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }), ...(uid === '' ? {} : { uid }) };
        tell((await client.explore.related(ask, { signal })).relations);
      },
      [context, apiVersion, kind, namespace, name, uid],
    ),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Reading…</p>;
  const self = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
  const own: readonly Relation[] = facts.owners.map((o) => ({
    from: self,
    type: 'ownedBy',
    to: { ...o, ...(namespace === undefined ? {} : { namespace }) },
  }));
  const groups = groupsAround(self, value ?? own);
  return (
    <>
      {value === null && <p className="hint">The cluster is not connected, so only what the object itself names is shown.</p>}
      {groups.length === 0 && <p className="hint">Nothing that is watched names it, selects it or belongs to it, and it names nothing.</p>}
      {groups.map(({ words, refs }) => (
        <section key={words}>
          <h2>{words}</h2>
          <ul className="pairs">
            {refs.map(({ ref, of }) => (
              <li key={`${ref.kind} ${ref.name} ${of ?? ''}`}>
                <span className="kind">{ref.kind}</span>{' '}
                <a className="name" dir="auto" href={linkToRef(context, ref)}>
                  {ref.namespace === undefined || ref.namespace === namespace ? ref.name : `${ref.namespace}/${ref.name}`}
                </a>
                {of !== undefined && <span className="hint"> through {of}</span>}
                <CopyButton text={ref.name} words={`Copy ${ref.name}`} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
