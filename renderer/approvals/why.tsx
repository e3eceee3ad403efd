import { useEffect, useState } from 'react';
import type { IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { usePage } from '../state/page.ts';
import { PLACES, linkTo } from '../state/route.ts';
import { Fact } from '../ui/fact.tsx';
import { Resource } from '../ui/resource.tsx';

const MOST = 4;
/** Where a question can be asked in words, once there is such a place. */
const ASK = PLACES.find((place) => (place as string) === 'ask');

/** Why this plan: the cause it answers, what that rests on, what was ruled out, and why this one of several. No model is needed for it. */
export function Why({ plan }: { plan: Plan }) {
  const incident = useIncident(plan.incidentId);
  return (
    <details className="why">
      <summary>Why?</summary>
      {incident === undefined ? (
        <p className="hint">What it is about is not known any more. {plan.because}</p>
      ) : (
        <dl className="facts">
          <Fact name="Cause">
            <Resource of={incident.rootCause.resource} /> {incident.rootCause.message}{' '}
            <span className="hint">sure to {Math.round(incident.rootCause.confidence * 100)} %</span>
          </Fact>
          <Fact name="Rests on">
            {incident.evidence.slice(0, MOST).map((e, i) => (
              // Evidence has no identity of its own and is only ever replaced as a whole.
              <div key={i} className="wrap-anywhere" dir="auto">
                {e.kind}: {e.text}
              </div>
            ))}
          </Fact>
          {incident.ruledOut.length > 0 && (
            <Fact name="Not because">
              {incident.ruledOut.slice(0, MOST).map((r) => (
                <div key={`${r.hypothesis} ${r.because}`}>
                  {r.hypothesis} <span className="hint">{r.because}</span>
                </div>
              ))}
            </Fact>
          )}
          {plan.rank !== undefined && plan.rank.of > 1 && (
            <Fact name="Before others">
              No. {plan.rank.place} of {plan.rank.of}: {plan.rank.because}
            </Fact>
          )}
        </dl>
      )}
      <p className="row-meta mt-2">
        <a href={linkTo('incidents', plan.incidentId)}>The whole incident</a>
        {ASK !== undefined && (
          <>
            {' · '}
            <a href={linkTo(ASK, undefined, { q: `Why ${plan.title}?`, incident: plan.incidentId })}>Ask in words</a>
          </>
        )}
      </p>
    </details>
  );
}

/** Open or accepted, else asked for: a plan outlives its incident. */
function useIncident(id: string): IncidentWithPlans | undefined {
  const client = useClient();
  const known = usePage((s) => s.incidents.find((i) => i.id === id) ?? s.accepted.find((i) => i.id === id));
  const [past, setPast] = useState<IncidentWithPlans | undefined>(undefined);
  const missing = known === undefined;
  useEffect(() => {
    if (missing) client.incidents.get({ id }).then(setPast, () => undefined);
  }, [client, id, missing]);
  return known ?? (past?.id === id ? past : undefined);
}
