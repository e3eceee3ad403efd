import { useCallback, useState } from 'react';
import type { KubeEventRow } from '../../../agents/contract/index.ts';
import { Age } from '../../ui/age.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { TabProps } from '../object-tabs.ts';
import { type Reading, useReading } from '../reading.ts';

/** What the cluster remembers to have happened to an object, newest first. */
export function Events({ place: { context, namespace, name }, facts: { kind } }: TabProps) {
  const [again, setAgain] = useState(0);
  const { value, failure }: Reading<readonly KubeEventRow[]> = useReading<readonly KubeEventRow[]>(
    useCallback(
      async (client, signal, tell) => {
        const ask = { context, kind, name, ...(namespace === undefined ? {} : { namespace }) };
        tell((await client.explore.events(ask, { signal })).events.toReversed());
        // A change of `again` is a wish to read once more.
        void again;
      },
      [context, namespace, name, kind, again],
    ),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Reading…</p>;
  return (
    <>
      <button type="button" onClick={() => setAgain(again + 1)}>
        Read again
      </button>
      {value.length === 0 && <p className="hint">The cluster keeps no event about it; most clusters forget events after an hour.</p>}
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
    </>
  );
}
