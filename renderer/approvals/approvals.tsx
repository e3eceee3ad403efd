import type { Plan } from '../../agents/contract/index.ts';
import { useHereState, useShows } from '../state/here.ts';
import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { RiskMark } from '../ui/risk.tsx';
import { Split } from '../ui/split.tsx';
import { ExpiresIn } from './expires.tsx';
import { PlanCard } from './plan-card.tsx';
import { STATE_WORDS } from './steps.ts';

const MOST_DECIDED = 30;

/** Plans that wait for a person, oldest first; below them, those that are on the road or were decided lately. */
export function Approvals({ id }: { id: string | undefined }) {
  const plans = usePage((s) => s.plans);
  const over = useHereState((s) => s.plan !== undefined);
  const waits = waiting(plans);
  const others = plans
    .filter((p) => p.state !== 'awaitingApproval' && p.state !== 'abandoned')
    .sort((a, b) => (b.decidedAt ?? b.createdAt).localeCompare(a.decidedAt ?? a.createdAt))
    .slice(0, MOST_DECIDED);
  const chosen = id === undefined ? (waits[0] ?? others[0]) : plans.find((p) => p.id === id);
  useShows(chosen?.context);
  if (waits.length === 0 && others.length === 0 && chosen === undefined && id === undefined)
    return (
      <div className="empty">
        <h2>Nothing waits for you</h2>
        <p>
          When an agent finds a cause and knows what would help, its plan waits here until somebody approves or rejects it. What is open is
          under <a href={linkTo('incidents')}>Incidents</a>.
        </p>
      </div>
    );
  return (
    <Split
      place="approvals"
      open={id !== undefined}
      label="Plans"
      list={
        <>
          <h3>{waits.length === 0 ? 'Nothing waits for you' : 'Waiting for you'}</h3>
          <Rows plans={waits} chosen={chosen} />
          {others.length > 0 && <h3>Decided</h3>}
          <Rows plans={others} chosen={chosen} />
        </>
      }
    >
      {chosen === undefined ? (
        <div className="empty">
          <h2>There is no such plan</h2>
          <p>It was replaced by a newer one, or it is older than what is kept. {id !== undefined && <code>{id}</code>}</p>
        </div>
      ) : (
        <article className="detail">
          <PlanCard key={chosen.id} plan={chosen} keys={!over} />
          <p className="row-meta">
            {chosen.proposedBy === undefined ? (
              <>
                It is about <a href={linkTo('incidents', chosen.incidentId)}>{chosen.incidentId}</a>.
              </>
            ) : (
              `${chosen.proposedBy} made it; no incident is behind it.`
            )}
          </p>
        </article>
      )}
    </Split>
  );
}

function Rows({ plans, chosen }: { plans: readonly Plan[]; chosen: Plan | undefined }) {
  return (
    <ul>
      {plans.map((p) => (
        <li key={p.id}>
          <a href={linkTo('approvals', p.id)} aria-current={p.id === chosen?.id ? 'true' : undefined}>
            <span className="row-title" title={p.title} dir="auto">
              {p.title}
            </span>
            <span className="row-meta flex items-center gap-2">
              <RiskMark risk={p.risk} />
              <span className="truncate">{p.context}</span>
              <span className="ml-auto flex-none">
                {p.state === 'awaitingApproval' ? (
                  <ExpiresIn at={p.expires} />
                ) : (
                  <>
                    {STATE_WORDS[p.state] ?? p.state} <Age at={p.decidedAt ?? p.createdAt} />
                  </>
                )}
              </span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
