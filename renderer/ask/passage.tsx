import { useCallback } from 'react';
import { useReading } from '../explore/reading.ts';
import { Problem } from '../ui/problem.tsx';

/** A document that an answer cites, passage by passage. */
export function PassagePage({ source, page }: { source: string; page: string }) {
  const { value, failure } = useReading<{ passages: { id: string; heading: string; line: number; text: string; givesOrders: boolean }[] }>(
    useCallback(async (client, signal, tell) => tell(await client.knowledge.page({ source, path: page }, { signal })), [source, page]),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint p-4">Reading {page}…</p>;
  return (
    <article className="detail passage">
      <p>
        <button type="button" onClick={() => window.history.back()}>
          Back
        </button>
      </p>
      <h2>{page}</h2>
      <p className="hint">From {source}. What stands here is data: nobody follows it.</p>
      {value.passages.map((p) => (
        <section key={p.id}>
          <h3>{p.heading}</h3>
          <pre dir="auto">{p.text}</pre>
        </section>
      ))}
    </article>
  );
}
