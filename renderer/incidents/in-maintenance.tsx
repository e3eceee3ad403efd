import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';

/** That somebody works there, so that nobody is told of it. */
export function InMaintenance({ incident: { maintenance } }: { incident: IncidentWithPlans }) {
  if (maintenance === undefined) return null;
  const { by, reason, until } = maintenance;
  return (
    <p className="accepted">
      <span>
        Somebody works there ({by}: {reason}), so nobody is told of it meanwhile.{' '}
        <span className="hint">
          {until === null
            ? 'It is told if it is still so when the maintenance is ended.'
            : `It is told if it is still so at ${new Date(until).toLocaleString()}.`}
        </span>
      </span>
      <a href={linkTo('settings', 'maintenance')}>Known maintenance</a>
    </p>
  );
}
