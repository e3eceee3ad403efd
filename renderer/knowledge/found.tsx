import { useCallback, useState } from 'react';
import type { KnowledgeAnswer, KnowledgeHit } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { Age } from '../ui/age.tsx';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { Passage } from './passage.tsx';
import { linkToDocument, linkToQuestion } from './places.ts';
import { TRUST_WORDS } from './words.ts';

const MOST = 8;

/** The field to ask in, and the passages that answer, each with where it stands. */
export function Found({ ask }: { ask: string }) {
  const [text, setText] = useState(ask);
  return (
    <section aria-label="Search">
      <form
        role="search"
        className="ask"
        onSubmit={(e) => {
          e.preventDefault();
          if (text.trim() !== '') window.location.hash = linkToQuestion(text.trim());
        }}
      >
        <Icon name="search" size={16} />
        <input
          type="search"
          autoFocus
          aria-label="Search in runbooks, documents and the reference of fields"
          placeholder="What does it mean that a pod is evicted?"
          maxLength={2_000}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <button type="submit" className="primary" disabled={text.trim() === ''}>
          Search
        </button>
      </form>
      {ask !== '' && <Results ask={ask} />}
    </section>
  );
}

function Results({ ask }: { ask: string }) {
  const { value, failure } = useReading<KnowledgeAnswer>(
    useCallback(async (client, signal, tell) => tell(await client.knowledge.search({ text: ask, top: MOST }, { signal })), [ask]),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint my-3">Searching…</p>;
  if (value.results.length === 0)
    return (
      <div className="empty" role="status">
        <h2>Nothing is known of this</h2>
        <p>Not one passage has any of these words. Try others, or add the documents it should be in below.</p>
      </div>
    );
  return (
    <>
      {value.noGoodMatch && (
        <p className="not-sure" role="status">
          Nothing that is known answers this well. What is nearest:
        </p>
      )}
      <ol className="passages" aria-label="Passages">
        {value.results.map((hit) => (
          <li key={hit.id} data-sure={hit.confident ? '' : undefined}>
            <Hit hit={hit} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Hit({ hit }: { hit: KnowledgeHit }) {
  return (
    <article>
      <h3>
        <a href={linkToDocument(hit.source, hit.path, hit.line)}>{hit.heading === '' ? hit.path : hit.heading}</a>
      </h3>
      <p className="row-meta">
        <span className="name">
          {hit.source}/{hit.path}
        </span>{' '}
        · {TRUST_WORDS[hit.trust]}
        {hit.at !== null && (
          <>
            {' '}
            · <Age at={hit.at} suffix=" old" />
          </>
        )}
        {!hit.confident && ' · not sure'}
      </p>
      {hit.givesOrders && (
        <p className="orders">This passage is worded as if it gave orders. It is quoted as it stands; nothing follows them.</p>
      )}
      <Passage text={hit.text} />
      {hit.alsoIn.length > 0 && (
        <p className="row-meta">
          The same again in{' '}
          {hit.alsoIn.map((place, i) => (
            <span key={`${place.source} ${place.path} ${place.heading}`}>
              {i > 0 && ', '}
              <a href={linkToDocument(place.source, place.path)}>{place.path}</a>
            </span>
          ))}
        </p>
      )}
    </article>
  );
}
