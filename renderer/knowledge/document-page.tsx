import { useCallback, useEffect } from 'react';
import { useReading } from '../explore/reading.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';
import { Passage } from './passage.tsx';

type Page = Awaited<ReturnType<Parameters<Parameters<typeof useReading>[0]>[0]['knowledge']['page']>>;

/** A whole document, opened at its place. */
export function DocumentPage({ source, path, line }: { source: string; path: string; line: number }) {
  const { value, failure } = useReading<Page>(
    useCallback(async (client, signal, tell) => tell(await client.knowledge.page({ source, path }, { signal })), [source, path]),
  );
  const passages = value?.passages ?? [];
  const here = passages.findLast((passage) => passage.line <= line)?.id;
  useEffect(() => {
    if (here === undefined) return;
    const place = document.getElementById(`passage-${here}`);
    place?.scrollIntoView({ block: 'start' });
    place?.focus({ preventScroll: true });
  }, [here]);
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint my-3">Opening {path}…</p>;
  return (
    <article aria-labelledby="document-title">
      <h2 id="document-title">{titleOf(passages.map(({ heading }) => heading)) || path}</h2>
      <p className="row-meta">
        <span className="name">
          {source}/{path}
        </span>
        <CopyButton text={path} words="Copy the path" />
      </p>
      {passages.map((passage, i) => {
        const sub = passage.heading.split(' > ').slice(1).join(' › ');
        const before = passages[i - 1]?.heading;
        return (
          <section
            key={passage.id}
            id={`passage-${passage.id}`}
            tabIndex={-1}
            className="part"
            data-here={passage.id === here && line > 0 ? '' : undefined}
            aria-label={sub === '' ? `Line ${passage.line}` : sub}
          >
            {sub !== '' && passage.heading !== before && <h3>{sub}</h3>}
            {passage.givesOrders && (
              <p className="orders">This passage is worded as if it gave orders. It is quoted as it stands; nothing follows them.</p>
            )}
            <Passage text={passage.text} />
          </section>
        );
      })}
    </article>
  );
}

/** What all its headings begin with. */
function titleOf(headings: readonly string[]): string {
  const [first = ''] = headings[0]?.split(' > ') ?? [];
  return headings.every((heading) => heading.split(' > ')[0] === first) ? first : '';
}
