import { useCallback } from 'react';
import type { IncidentWithPlans, SimilarIncident } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { SeverityMark } from '../ui/severity.tsx';

/** Incidents that are over and were like this one, and what helped then. */
export function Similar({ incident }: { incident: IncidentWithPlans }) {
  const { id } = incident;
  const { value, failure } = useReading<readonly SimilarIncident[]>(
    useCallback(async (client, signal, tell) => tell((await client.incidents.similar({ id }, { signal })).incidents), [id]),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Looking…</p>;
  if (value.length === 0) return <p className="hint">Nothing like it is over: neither here nor in another cluster.</p>;
  return (
    <ul className="evidence">
      {value.map((i) => (
        <li key={`${i.id} ${i.opened}`}>
          <SeverityMark severity={i.severity} word={false} />
          <div>
            <a href={linkTo('incidents', i.id, { tab: 'timeline' })}>{i.title}</a>
            <p className="row-meta">
              {i.context} · {i.because} · entries {i.opened} to {i.resolved} of the log
            </p>
            {i.plans.map((p) => (
              <p key={p.plan} className="row-meta">
                {p.state === 'done' ? 'Helped: ' : p.state === 'rolledBack' ? 'Did not help: ' : `${p.state}: `}
                <a href={linkTo('approvals', p.plan)}>{p.title}</a>
              </p>
            ))}
          </div>
          <Age at={i.resolvedAt} suffix=" ago" />
        </li>
      ))}
    </ul>
  );
}
