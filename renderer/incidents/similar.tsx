import { useEffect, useState } from 'react';
import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { SeverityMark } from '../ui/severity.tsx';

/** Where the same cause is known from: other clusters, other objects, other days. */
export function Similar({ incident }: { incident: IncidentWithPlans }) {
  const client = useClient();
  const [known, setKnown] = useState<readonly IncidentWithPlans[] | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const { code } = incident.rootCause;
  useEffect(() => {
    client.incidents.list({ state: 'all' }).then(
      ({ incidents }) => setKnown(incidents),
      (error: unknown) => setFailure(failureOf(error).message),
    );
  }, [client]);
  if (failure !== undefined) return <p className="hint">What was seen before could not be read: {failure}</p>;
  if (known === undefined) return <p className="hint">Looking…</p>;
  const others = known.filter((i) => i.id !== incident.id && i.rootCause.code === code);
  if (others.length === 0) return <p className="hint">{code} is not known from anywhere else.</p>;
  return (
    <ul className="evidence">
      {others.map((i) => (
        <li key={i.id}>
          <SeverityMark severity={i.severity} word={false} />
          <div>
            <a href={linkTo('incidents', i.id)}>{i.title}</a>
            <p className="row-meta">
              {i.context} · {i.dismissed === undefined ? i.state : 'accepted'}
              {i.plans.some((p) => p.state === 'done') && ' · a plan for it was carried out and verified'}
            </p>
          </div>
          <Age at={i.firstSeen} suffix=" ago" />
        </li>
      ))}
    </ul>
  );
}
