import { Tabs } from 'radix-ui';
import { Suspense, useCallback, useMemo, useState } from 'react';
import type { Json } from '../../agents/contract/index.ts';
import { useRoute } from '../state/route.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { factsOf } from './facts.ts';
import { OBJECT_TABS } from './object-tabs.ts';
import { type ObjectPlace, linkToObject, linkToTable } from './places.ts';
import { useReading } from './reading.ts';

interface Whole {
  readonly object: Json;
  readonly yaml: string;
}

/** One object: what it says of itself, as a whole, what happened to it, and what can be done with it. */
export function ObjectPage({ place }: { place: ObjectPlace }) {
  const { kind, context, namespace, name } = place;
  const asked = useRoute().query.get('tab');
  const [again, setAgain] = useState(0);
  const { value, failure } = useReading<Whole>(
    useCallback(
      async (client, signal, tell) => {
        tell(await client.explore.object({ context, kind, name, ...(namespace === undefined ? {} : { namespace }) }, { signal }));
        // A change of `again` is a wish to read once more.
        void again;
      },
      [context, kind, namespace, name, again],
    ),
  );
  const table = linkToTable(kind, { contexts: [context], labels: '', text: '', sort: undefined, down: false });
  const facts = useMemo(() => (value === undefined ? undefined : factsOf(value.object)), [value]);
  const tabs = facts === undefined ? [] : OBJECT_TABS.filter((t) => t.of(facts));
  const tab = tabs.find((t) => t.id === asked) ?? tabs[0];
  return (
    <article className="object detail">
      <WayBack to={table}>
        {kind} in {context}
      </WayBack>
      <h1>
        <span className="kind">{facts?.kind ?? kind}</span>{' '}
        <span className="name" dir="auto">
          {namespace === undefined ? name : `${namespace}/${name}`}
        </span>
        <CopyButton text={name} words="Copy the name" />
      </h1>
      {failure !== undefined && (
        <>
          <Problem failure={failure} />
          <button type="button" onClick={() => setAgain(again + 1)}>
            Read again
          </button>
        </>
      )}
      {value === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {value !== undefined && facts !== undefined && tab !== undefined && (
        <Tabs.Root value={tab.id} onValueChange={(t) => window.location.replace(linkToObject(place, t))} className="object-tabs">
          <Tabs.List className="tabs" aria-label="About this object">
            {tabs.map((t) => (
              <Tabs.Trigger key={t.id} value={t.id} className="tab">
                {t.words}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {tabs.map(({ id, Shown }) => (
            <Tabs.Content key={id} value={id} className="tab-content">
              {id === tab.id && (
                <Suspense fallback={<p className="hint">Loading…</p>}>
                  <Shown place={place} object={value.object} yaml={value.yaml} facts={facts} again={() => setAgain((n) => n + 1)} />
                </Suspense>
              )}
            </Tabs.Content>
          ))}
        </Tabs.Root>
      )}
    </article>
  );
}
