import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { Resource } from '../ui/resource.tsx';

const MOST = 5;

/** Drawn from the left, the cause, to the right, what people noticed; each an object with the line it rests on. */
export function Chain({ incident }: { incident: IncidentWithPlans }) {
  const { rootCause, symptoms, evidence, affects } = incident;
  const own = evidence.find((e) => e.resource.kind === rootCause.resource.kind && e.resource.name === rootCause.resource.name);
  return (
    <ol className="chain" aria-label="From the cause to what people noticed">
      <li className="cause">
        <span className="role">cause</span>
        <Resource of={rootCause.resource} />
        {rootCause.field !== undefined && <code>{rootCause.field}</code>}
        {!incident.title.includes(rootCause.message) && <p>{rootCause.message}</p>}
        {own !== undefined && (
          <p className="row-meta line-clamp-2" title={own.text}>
            {own.text}
          </p>
        )}
        {rootCause.confidence < 0.7 && <p className="hint">Likely, not proven: confidence {Math.round(rootCause.confidence * 100)} %</p>}
      </li>
      {symptoms.length > 0 && (
        <li className="noticed">
          <ul>
            {symptoms.slice(0, MOST).map((s) => (
              <li key={`${s.code} ${s.resource.kind} ${s.resource.namespace ?? ''} ${s.resource.name}`}>
                <span className="role">so</span>
                <Resource of={s.resource} />
                <p className="line-clamp-3" title={s.message}>
                  {s.message}
                </p>
              </li>
            ))}
            {symptoms.length > MOST && <li className="more">and {symptoms.length - MOST} more</li>}
          </ul>
        </li>
      )}
      {symptoms.length === 0 && affects.length > 0 && (
        <li className="noticed">
          <ul>
            <li>
              <span className="role">suffers</span>
              {affects.slice(0, MOST).map((ref) => (
                <div key={`${ref.kind} ${ref.namespace ?? ''} ${ref.name}`}>
                  <Resource of={ref} />
                </div>
              ))}
              {affects.length > MOST && <p className="row-meta">and {affects.length - MOST} more</p>}
            </li>
          </ul>
        </li>
      )}
    </ol>
  );
}
