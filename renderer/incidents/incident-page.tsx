import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { PlanCard } from '../approvals/plan-card.tsx';
import { useIsCurrent } from '../state/current.ts';
import { Age, AsOf } from '../ui/age.tsx';
import { Resource } from '../ui/resource.tsx';
import { SeverityMark } from '../ui/severity.tsx';

/** One incident: the cause, what people noticed, what it rests on, what it is not, and what may be done. */
export function IncidentPage({ incident }: { incident: IncidentWithPlans }) {
  const live = useIsCurrent(incident.context);
  const { rootCause, symptoms, evidence, ruledOut, plans, advice } = incident;
  return (
    <article className="detail" aria-labelledby="incident-title">
      <header>
        <p className="meta">
          <SeverityMark severity={incident.severity} /> <span>{incident.context}</span> <span>{rootCause.code}</span>{' '}
          <span>
            first seen <Age at={incident.firstSeen} suffix=" ago" />
          </span>
          {!live && (
            <span className="not-live-words">
              <AsOf at={incident.lastSeen} />: the cluster is not watched now
            </span>
          )}
        </p>
        <h2 id="incident-title">{incident.title}</h2>
      </header>
      <ol className="chain" aria-label="From the cause to what people noticed">
        <li className="cause">
          <span className="role">cause</span>
          <Resource of={rootCause.resource} />
          {rootCause.field !== undefined && <code>{rootCause.field}</code>}
          {!incident.title.includes(rootCause.message) && <p>{rootCause.message}</p>}
          {rootCause.confidence < 0.7 && <p className="hint">Likely, not proven: confidence {Math.round(rootCause.confidence * 100)} %</p>}
        </li>
        {symptoms.slice(0, 6).map((s) => (
          <li key={`${s.code} ${s.resource.kind} ${s.resource.namespace ?? ''} ${s.resource.name}`}>
            <span className="role">so</span>
            <Resource of={s.resource} />
            <p>{s.message}</p>
          </li>
        ))}
        {symptoms.length > 6 && <li className="more">and {symptoms.length - 6} more</li>}
      </ol>
      <section aria-labelledby="plans-title">
        <h3 id="plans-title">Plans</h3>
        {plans.length === 0 && <p className="hint">{advice ?? 'No plan is proposed: what would help cannot be read from the cluster.'}</p>}
        {plans.length > 0 && advice !== undefined && <p className="hint">{advice}</p>}
        {plans.map((plan) => (
          <PlanCard key={plan.id} plan={plan} keys={false} />
        ))}
      </section>
      <section aria-labelledby="evidence-title">
        <h3 id="evidence-title">Evidence</h3>
        <ul className="evidence">
          {evidence.map((e, i) => (
            // Evidence has no identity of its own and is only ever replaced as a whole.
            <li key={i}>
              <span className="role">{e.kind}</span>
              <div>
                <Resource of={e.resource} />
                {e.source !== undefined && <code>{e.source}</code>}
                <pre>{e.text}</pre>
              </div>
              {e.at !== undefined && <Age at={e.at} suffix=" ago" />}
            </li>
          ))}
        </ul>
      </section>
      {ruledOut.length > 0 && (
        <section aria-labelledby="not-title">
          <h3 id="not-title">Ruled out</h3>
          <ul className="ruled-out">
            {ruledOut.map((r) => (
              <li key={`${r.hypothesis} ${r.because}`}>
                <span>{r.hypothesis}</span>
                <span className="hint">{r.because}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}
