import { useCallback, useState } from 'react';
import type { PickedPages } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { linkToDocument } from '../knowledge/places.ts';
import { linkTo } from '../state/route.ts';
import { Problem } from '../ui/problem.tsx';

/** Pages that are about an incident; looked for only once somebody wants them, as a model may be asked which. */
export function PagesToRead({ incident }: { incident: string }) {
  const [wanted, setWanted] = useState(false);
  return (
    <details className="pages-to-read" onToggle={(e) => setWanted((before) => before || e.currentTarget.open)}>
      <summary>What to read about it</summary>
      {wanted && <Pages incident={incident} />}
    </details>
  );
}

function Pages({ incident }: { incident: string }) {
  const { value, failure } = useReading<PickedPages>(
    useCallback(async (client, signal, tell) => tell(await client.runbooks.pick({ incident }, { signal })), [incident]),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined)
    return (
      <p className="hint" role="status">
        Looking through what is written…
      </p>
    );
  if (value.pages.length === 0)
    return (
      <p className="hint">
        Nothing that is written is about it. <a href={linkTo('knowledge')}>Add a folder of your own</a>.
      </p>
    );
  return (
    <>
      <ul>
        {value.pages.map((p) => (
          <li key={`${p.source} ${p.path}`}>
            <a href={linkToDocument(p.source, p.path, p.line)}>{p.heading === '' ? p.path : p.heading}</a>
            <span className="row-meta">
              {p.source}
              {p.own && ' · about this very code'}
            </span>
          </li>
        ))}
      </ul>
      {value.by !== null && (
        <p className="hint">
          {value.pages.some((p) => p.own) ? 'The others were chosen by ' : 'Chosen by '}
          {value.by.model}
          {value.by.where === 'remote' ? ' at the endpoint' : ', on this machine'}.
        </p>
      )}
      {value.refused !== null && (
        <p className="hint">The likeliest by the search: the choice of the model is not used, because {value.refused}.</p>
      )}
    </>
  );
}
