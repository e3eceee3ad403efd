import { useMemo, useState } from 'react';
import { linkTo } from '../state/route.ts';
import { Problem } from '../ui/problem.tsx';
import { groupsOf } from './kinds.ts';
import { useKinds } from './reading.ts';
import { TOOLS } from './tools.ts';

/** The kinds of the shown clusters, to choose one. */
export function KindList(props: { contexts: readonly string[]; chosen: string | undefined; linkOf: (id: string) => string }) {
  const { contexts, chosen, linkOf } = props;
  const [typed, setTyped] = useState('');
  const { value, failure } = useKinds(contexts.join('\n'));
  const groups = useMemo(() => groupsOf(value?.kinds ?? [], typed), [value, typed]);
  return (
    <nav className="kinds" aria-label="Kinds">
      <input type="search" aria-label="Find a kind" placeholder="Find a kind" value={typed} onChange={(e) => setTyped(e.target.value)} />
      {typed === '' && (
        <section>
          <h2>Tools</h2>
          <ul>
            {TOOLS.map(({ id, words }) => (
              <li key={id}>
                <a href={linkTo('explore', id)} aria-current={id === chosen ? 'page' : undefined}>
                  {words}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {failure !== undefined && <Problem failure={failure} />}
      {value?.failed.map((f) => (
        <Problem key={f.context} failure={{ ...f.failure, message: `${f.context}: ${f.failure.message}` }} />
      ))}
      {value === undefined && failure === undefined && <p className="hint">Reading the kinds…</p>}
      {value !== undefined && groups.length === 0 && (
        <p className="hint">{typed === '' ? 'No kind can be listed.' : 'No kind is called that.'}</p>
      )}
      {groups.map(({ name, kinds }) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul>
            {kinds.map(({ id, kind }) => (
              <li key={id}>
                <a href={linkOf(id)} title={id} aria-current={id === chosen ? 'page' : undefined}>
                  {kind.kind}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
