import { Age } from '../../ui/age.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Fact } from '../../ui/fact.tsx';
import type { TabProps } from '../object-tabs.ts';
import { linkToRef } from '../places.ts';

/** What an object says of itself. */
export function Overview({ place, facts }: TabProps) {
  return (
    <>
      <dl className="facts">
        {facts.created !== undefined && (
          <Fact name="Age">
            <Age at={facts.created} />
          </Fact>
        )}
        {facts.owners.length > 0 && (
          <Fact name="Made by">
            {facts.owners.map((o) => (
              <a key={`${o.kind}/${o.name}`} className="name" href={linkToRef(place.context, { ...o, namespace: place.namespace })}>
                {o.kind}/{o.name}
              </a>
            ))}
          </Fact>
        )}
        {facts.plain.map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
      </dl>
      {facts.containers.length > 0 && (
        <>
          <h2>Containers</h2>
          <ul className="pairs">
            {facts.containers.map((c) => (
              <li key={c.name}>
                <code>{c.name}</code> <span className="name">{c.image}</span>
                <CopyButton text={c.image} words={`Copy the image of ${c.name}`} />
              </li>
            ))}
          </ul>
        </>
      )}
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
      <Pairs name={facts.kind === 'Secret' ? 'Keys and their sizes' : 'Keys'} pairs={facts.keys} />
      <Pairs name="Labels" pairs={facts.labels} copied />
      <Pairs name="Annotations" pairs={facts.annotations} copied />
    </>
  );
}

function Pairs({ name, pairs, copied = false }: { name: string; pairs: readonly (readonly [string, string])[]; copied?: boolean }) {
  if (pairs.length === 0) return null;
  return (
    <>
      <h2>{name}</h2>
      <ul className="pairs">
        {pairs.map(([key, value]) => (
          <li key={key}>
            <code>{key}</code> <span dir="auto">{value}</span>
            {copied && <CopyButton text={`${key}=${value}`} words={`Copy ${key}`} />}
          </li>
        ))}
      </ul>
    </>
  );
}
