import { useCallback } from 'react';
import type { IncidentWithPlans, Runbook } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { linkToRunbook } from './places.ts';
import { useRunbookNews } from './use-runbooks.ts';

/** Of an incident: whether it taught something that waits for a person, or that there is a runbook of its kind. */
export function RunbookOfIncident({ incident }: { incident: IncidentWithPlans }) {
  const { code } = incident.rootCause;
  const news = useRunbookNews();
  const { value } = useReading<Runbook | undefined>(
    useCallback(
      async (client, signal, tell) => {
        // Another number is a wish to read once more.
        void news;
        const { runbooks } = await client.runbooks.list({}, { signal });
        tell(runbooks.some((r) => r.code === code) ? await client.runbooks.show({ code }, { signal }) : undefined);
      },
      [code, news],
    ),
  );
  if (value === undefined) return null;
  const waits = value.proposal !== null;
  return (
    <p className={waits ? undefined : 'hint'}>
      {waits
        ? value.proposal?.incident === incident.id
          ? 'What helped is proposed for the runbook: '
          : 'An addition to its runbook waits: '
        : 'There is a runbook for it: '}
      <a href={linkToRunbook(code)}>
        {code}, {value.version === 0 ? 'first version' : `version ${value.version}`}
      </a>
    </p>
  );
}
