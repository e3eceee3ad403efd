import { useState } from 'react';
import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';

const HOUR_MS = 3_600_000;
const ENDS = { change: 'until something about it changes', day: 'for a day', week: 'for a week', month: 'for 30 days' } as const;
const HOURS: Readonly<Record<keyof typeof ENDS, number | undefined>> = { change: undefined, day: 24, week: 168, month: 720 };
const scopes = ({ rootCause: { code, resource } }: IncidentWithPlans) =>
  ({
    incident: 'this incident',
    object: `everything that has its cause in ${resource.kind} ${resource.name}`,
    code: `${code} anywhere in ${resource.namespace === undefined ? 'the cluster' : `namespace ${resource.namespace}`}`,
  }) as const;

/** Known and accepted: with a reason, for how much, and until when. */
export function Accept({ incident, away }: { incident: IncidentWithPlans; away: () => void }) {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const [reason, setReason] = useState('');
  const [scope, setScope] = useState<'incident' | 'object' | 'code'>('incident');
  const [end, setEnd] = useState<keyof typeof ENDS>('change');
  const words = scopes(incident);
  const give = () =>
    order.give(async () => {
      const hours = HOURS[end];
      const until = hours === undefined ? {} : { until: new Date(Date.now() + hours * HOUR_MS).toISOString() };
      await client.dismissals.add({ incident: incident.id, scope, reason: reason.trim(), by, ...until });
      away();
    });
  return (
    <form
      className="decide"
      aria-label="Accept this incident"
      onSubmit={(e) => {
        e.preventDefault();
        if (reason.trim() !== '') give();
      }}
    >
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <label>
        Why is it known and accepted? The reason goes into the log
        <input autoFocus value={reason} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </label>
      <label>
        How much
        <select value={scope} onChange={(e) => setScope(e.target.value as typeof scope)}>
          {Object.entries(words).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        How long
        <select value={end} onChange={(e) => setEnd(e.target.value as typeof end)}>
          {Object.entries(ENDS).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <div className="buttons">
        <button type="button" onClick={away}>
          Back
        </button>
        <button type="submit" className="primary" disabled={order.running || reason.trim() === ''}>
          Accept it
        </button>
        <span className="hint">Nothing is proposed for it, and it is listed apart.</span>
      </div>
    </form>
  );
}

/** That it was accepted, by whom and why, and the way back. */
export function Accepted({ incident }: { incident: IncidentWithPlans }) {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const { dismissed } = incident;
  if (dismissed === undefined) return null;
  return (
    <div className="accepted">
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <p>
        {dismissed.by} accepted {scopes(incident)[dismissed.scope]} <Age at={dismissed.at} suffix=" ago" />: {dismissed.reason}{' '}
        <span className="hint">
          {dismissed.until === null
            ? 'It is heard of again when something about it changes.'
            : `Until ${new Date(dismissed.until).toLocaleString()}.`}
        </span>
      </p>
      <button type="button" disabled={order.running} onClick={() => order.give(() => client.dismissals.takeBack({ id: dismissed.id, by }))}>
        Hear of it again
      </button>
    </div>
  );
}
