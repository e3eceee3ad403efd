import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { ExpiresIn } from './expires.tsx';
import { PlanCard } from './plan-card.tsx';

/** Plans that wait for a person, oldest first; below them, those that are on the road or were decided lately. */
export function Approvals({ id }: { id: string | undefined }) {
  const plans = usePage((s) => s.plans);
  const waits = waiting(plans);
  const others = plans
    .filter((p) => p.state !== 'awaitingApproval' && p.state !== 'abandoned')
    .sort((a, b) => (b.decidedAt ?? b.createdAt).localeCompare(a.decidedAt ?? a.createdAt))
    .slice(0, 20);
  const chosen = id === undefined ? (waits[0] ?? others[0]) : plans.find((p) => p.id === id);
  if (waits.length === 0 && others.length === 0)
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
    <div className="split">
      <nav className="list" aria-label="Plans">
        {waits.length > 0 && <h3>Waiting for you</h3>}
        <ul>
          {waits.map((p) => (
            <li key={p.id}>
              <a href={linkTo('approvals', p.id)} aria-current={p.id === chosen?.id ? 'true' : undefined}>
                <span className={`risk risk-${p.risk}`}>{p.risk}</span>
                <span className="row-title" title={p.title}>
                  {p.title}
                </span>
                <span className="row-meta">
                  {p.context} · <ExpiresIn at={p.expires} />
                </span>
              </a>
            </li>
          ))}
        </ul>
        {others.length > 0 && <h3>Decided</h3>}
        <ul>
          {others.map((p) => (
            <li key={p.id}>
              <a href={linkTo('approvals', p.id)} aria-current={p.id === chosen?.id ? 'true' : undefined}>
                <span className="row-title" title={p.title}>
                  {p.title}
                </span>
                <span className="row-meta">
                  {p.context} · {STATE_WORDS[p.state] ?? p.state}
                </span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {chosen === undefined ? (
        <div className="empty">
          <h2>There is no such plan</h2>
        </div>
      ) : (
        <article className="detail">
          <PlanCard key={chosen.id} plan={chosen} keys />
        </article>
      )}
    </div>
  );
}

const STATE_WORDS: Partial<Record<string, string>> = {
  acting: 'being carried out',
  verifying: 'being verified',
  done: 'verified',
  rollingBack: 'being taken back',
  rolledBack: 'taken back',
  rollbackFailed: 'could not be taken back',
  needsReview: 'needs a look',
};
