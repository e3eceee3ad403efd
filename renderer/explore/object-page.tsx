import { Tabs } from 'radix-ui';
import { useCallback } from 'react';
import type { Json, KubeEventRow } from '../../agents/contract/index.ts';
import { useRoute } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Fact } from '../ui/fact.tsx';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { factsOf } from './facts.ts';
import { type ObjectPlace, linkToObject, linkToTable } from './places.ts';
import { type Reading, useReading } from './reading.ts';

interface Whole {
  readonly object: Json;
  readonly yaml: string;
}

const WORDS = { overview: 'Overview', yaml: 'YAML', events: 'Events' } as const;
const TABS = ['overview', 'yaml', 'events'] as const;

/** One object: what it says of itself, as a whole, and what happened to it. */
export function ObjectPage({ place }: { place: ObjectPlace }) {
  const { kind, context, namespace, name } = place;
  const asked = useRoute().query.get('tab');
  const tab = TABS.find((t) => t === asked) ?? 'overview';
  const { value, failure } = useReading<Whole>(
    useCallback(
      async (client, signal, tell) =>
        tell(await client.explore.object({ context, kind, name, ...(namespace === undefined ? {} : { namespace }) }, { signal })),
      [context, kind, namespace, name],
    ),
  );
  const table = linkToTable(kind, { contexts: [context], labels: '', text: '', sort: undefined, down: false });
  const facts = value === undefined ? undefined : factsOf(value.object);
  return (
    <article className="object detail">
      <a className="object-back" href={table}>
        <Icon name="back" size={16} /> {kind} in {context}
      </a>
      <h1>
        <span className="kind">{facts?.kind ?? kind}</span>{' '}
        <span className="name" dir="auto">
          {namespace === undefined ? name : `${namespace}/${name}`}
        </span>
        <CopyButton text={name} words="Copy the name" />
      </h1>
      {failure !== undefined && <Problem failure={failure} />}
      {value === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {value !== undefined && facts !== undefined && (
        <Tabs.Root value={tab} onValueChange={(t) => window.location.replace(linkToObject(place, t))}>
          <Tabs.List className="tabs" aria-label="About this object">
            {TABS.map((t) => (
              <Tabs.Trigger key={t} value={t} className="tab">
                {WORDS[t]}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Tabs.Content value="overview">
            <Overview facts={facts} />
          </Tabs.Content>
          <Tabs.Content value="yaml">
            <CopyButton text={value.yaml} words="Copy the YAML" label="Copy" />
            <pre className="yaml" tabIndex={0} aria-label="YAML">
              {value.yaml}
            </pre>
          </Tabs.Content>
          <Tabs.Content value="events">
            <Events place={place} kind={facts.kind} />
          </Tabs.Content>
        </Tabs.Root>
      )}
    </article>
  );
}

function Overview({ facts }: { facts: ReturnType<typeof factsOf> }) {
  return (
    <>
      <dl className="facts">
        {facts.created !== undefined && (
          <Fact name="Age">
            <Age at={facts.created} />
          </Fact>
        )}
        {facts.owners.length > 0 && <Fact name="Made by">{facts.owners.join(', ')}</Fact>}
        {facts.plain.map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
      </dl>
      {facts.conditions.length > 0 && (
        <>
          <h2>Conditions</h2>
          <ul className="conditions">
            {facts.conditions.map((c) => (
              <li key={c.type}>
                <strong>{c.type}</strong> {c.status} {c.reason} <span className="hint">{c.message}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Pairs name="Labels" pairs={facts.labels} />
      <Pairs name="Annotations" pairs={facts.annotations} />
    </>
  );
}

function Pairs({ name, pairs }: { name: string; pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return null;
  return (
    <>
      <h2>{name}</h2>
      <ul className="pairs">
        {pairs.map(([key, value]) => (
          <li key={key}>
            <code>{key}</code> <span dir="auto">{value}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Events({ place: { context, namespace, name }, kind }: { place: ObjectPlace; kind: string }) {
  const { value, failure }: Reading<readonly KubeEventRow[]> = useReading<readonly KubeEventRow[]>(
    useCallback(
      async (client, signal, tell) => {
        const ask = { context, kind, name, ...(namespace === undefined ? {} : { namespace }) };
        tell((await client.explore.events(ask, { signal })).events.toReversed());
      },
      [context, namespace, name, kind],
    ),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Reading…</p>;
  if (value.length === 0) return <p className="hint">The cluster keeps no event about it; most clusters forget events after an hour.</p>;
  return (
    <ul className="kube-events">
      {value.map((e, i) => (
        // An event has no identity in the answer, which is only ever replaced as a whole.
        <li key={i} className={e.type === 'Warning' ? 'warns' : ''}>
          {e.at === null ? <span>–</span> : <Age at={e.at} suffix=" ago" />}
          <strong>{e.reason}</strong>
          <span>
            {e.message}
            {e.count > 1 && <span className="hint"> {e.count} times</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
