import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';

/** That it was found where somebody works, so that nobody was told. */
export function InMaintenance({ incident: { maintenance } }: { incident: IncidentWithPlans }) {
  if (maintenance === undefined) return null;
  const { by, reason, until } = maintenance;
  return (
    <p className="accepted">
      <span>
        Found in known maintenance ({by}: {reason}), so nobody was told.{' '}
        <span className="hint">
          {until === null
            ? 'It is told when somebody ends the maintenance.'
            : `It is told if it is still so at ${new Date(until).toLocaleString()}.`}
        </span>
      </span>
      <a href={linkTo('settings', 'maintenance')}>Known maintenance</a>
    </p>
  );
}
