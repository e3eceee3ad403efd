import { useEffect, useState } from 'react';
import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';

interface Past {
  readonly id: string | undefined;
  readonly incident: IncidentWithPlans | undefined;
  readonly looking: boolean;
}

/** An incident that is neither open nor accepted: resolved since, or never there. Asked for once for each id. */
export function usePastIncident(id: string | undefined): Past {
  const client = useClient();
  const [past, setPast] = useState<Past>({ id: undefined, incident: undefined, looking: false });
  useEffect(() => {
    if (id === undefined) return;
    let current = true;
    const answer = (incident: IncidentWithPlans | undefined) => current && setPast({ id, incident, looking: false });
    client.incidents.get({ id }).then(answer, () => answer(undefined));
    return () => {
      current = false;
    };
  }, [client, id]);
  return past.id === id ? past : { id, incident: undefined, looking: id !== undefined };
}
