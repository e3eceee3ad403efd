import { useEffect, useRef, useState } from 'react';
import type { Explanation, Reader } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { linkTo } from '../state/route.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';

const READERS: Readonly<Record<Reader, string>> = {
  operator: 'who runs it',
  manager: 'who answers for it',
  developer: 'who wrote it',
};

const TOLD: Readonly<Record<Explanation['of'], string>> = {
  cause: 'what is wrong',
  timeline: 'what happened',
};

/** The incident in words, for whom they are meant; a model may word them, and what it says is held against the facts first. */
export function Explain({ incident }: { incident: string }) {
  const client = useClient();
  const order = useOrder();
  const [of, setOf] = useState<Explanation['of']>('cause');
  const [reader, setReader] = useState<Reader>('operator');
  const [said, setSaid] = useState<Explanation | undefined>(undefined);
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const ask = () => {
    const { signal } = (stop.current = new AbortController());
    order.give(async () => {
      try {
        setSaid(await client.explain.incident({ id: incident, for: reader, of }, { signal }));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
  };
  return (
    <section className="explain" aria-label="In words">
      <form
        className="buttons"
        onSubmit={(e) => {
          e.preventDefault();
          ask();
        }}
      >
        <label>
          In words{' '}
          <select value={of} onChange={(e) => setOf(e.target.value as Explanation['of'])}>
            {Object.entries(TOLD).map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label>
          for{' '}
          <select value={reader} onChange={(e) => setReader(e.target.value as Reader)}>
            {Object.entries(READERS).map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {order.running ? (
          <button type="button" onClick={() => stop.current?.abort()}>
            Stop
          </button>
        ) : (
          <button type="submit">Explain</button>
        )}
        {order.running && (
          <span className="hint" role="status">
            Being put into words…
          </span>
        )}
      </form>
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {said !== undefined && (
        <blockquote className="my-2 border-s-2 border-line ps-3" aria-live="polite">
          <p dir="auto" className="wrap-anywhere">
            {said.text}
          </p>
          <p className="hint flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>{byWords(said)}</span>
            {said.events.length > 0 && (
              <span>
                It tells {entriesWords(said.events)} of <a href={linkTo('feed')}>the log</a>.
              </span>
            )}
            <CopyButton text={() => said.text} words="Copy" />
          </p>
        </blockquote>
      )}
    </section>
  );
}

/** "entry 7", "12 entries, 7 to 40". */
const entriesWords = (events: readonly number[]): string =>
  events.length === 1 ? `entry ${events[0]}` : `${events.length} entries, ${Math.min(...events)} to ${Math.max(...events)},`;

function byWords({ by, refused }: Explanation): string {
  if (by !== null)
    return `Worded by ${by.model}${by.where === 'remote' ? ' at the endpoint' : ', on this machine'}, and held against the facts.`;
  return refused === null ? 'Worded by template.' : `Worded by template: the answer of the model is not shown, because ${refused}.`;
}
